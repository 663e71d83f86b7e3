import fc from 'fast-check';

/** Numbers from a seed: the same ones everywhere and for ever. */
export type Random = {
  /** At least 0, below 1. */
  next: () => number;
  /** A whole number from 0 to `count - 1`. */
  below: (count: number) => number;
  shuffle: <T>(items: readonly T[]) => T[];
};

const size = 2 ** 31;

/** @param seed an unsigned number of 32 bits */
export function openRandom(seed: number): Random {
  const numbers = fc.infiniteStream(fc.integer({ min: 0, max: size - 1 }));
  const [stream] = fc.sample(numbers, { seed, numRuns: 1, unbiased: true, randomType: 'xorshift128plus', examples: [], path: '' });
  const next = () => (stream?.next().value as number) / size;
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    shuffle(items) {
      const shuffled = [...items];
      for (let end = shuffled.length; end > 1; end -= 1) {
        const at = below(end);
        [shuffled[at], shuffled[end - 1]] = [shuffled[end - 1] as never, shuffled[at] as never];
      }
      return shuffled;
    },
  };
}
