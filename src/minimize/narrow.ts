/** Sets to ask about at once, and how many questions are likely to follow after these. */
export type Question<E> = { sets: readonly (readonly E[])[]; remaining: number; estimate: number };

/** Asks which of some sets fail, until it knows. */
export type Search<E> = Generator<Question<E>, readonly E[], readonly boolean[]>;

/**
 * Finds elements that fail together among some that do; the likeliest cause stands first. The shortest failing beginning
 * of the list is looked for; its last element is needed by those before it, what follows it is not needed at all, and the rest is
 * narrowed in the same way. Each question leaves out what is least likely, and so much of it that either answer is as
 * likely as the other. Where supersets of what fails fail too, the result is minimal, after about log2(n) questions for
 * each of its elements; else it only fails.
 *
 * @param width sets in one question; they part the open range evenly
 */
export function* narrow<E>(elements: readonly E[], weightOf: (element: E) => number, width: number): Search<E> {
  const needed: E[] = [];
  let rest = elements;
  while (rest.length > 0) {
    const masses = [needed.length === 0 ? 0 : sum(rest.map(weightOf)) * oddsOfEnd, ...rest.map(weightOf)];
    // The beginning of `high` elements fails, that of `low` does not; nothing at all is known not to fail.
    let [low, high] = [needed.length === 0 ? 0 : -1, rest.length];
    while (high - low > 1) {
      const lengths = pickLengths(masses, low, high, width);
      const estimate = Math.ceil(Math.log2(high - low)) - 1 + 2 * (needed.length + 1);
      const answers = yield { sets: lengths.map((length) => [...rest.slice(0, length), ...needed]), remaining: high + needed.length, estimate };
      high = Math.min(high, ...lengths.filter((_, index) => answers[index]));
      low = Math.max(low, ...lengths.filter((length, index) => !answers[index] && length < high));
    }
    if (high === 0) break;
    needed.unshift(rest[high - 1] as E);
    rest = rest.slice(0, high - 1);
  }
  return needed;
}

/** How likely it is that what was found is the whole cause, against that there is more: most causes are few. */
const oddsOfEnd = 1.5;

/** Lengths between `low` and `high` that part the masses of the lengths above `low` evenly. */
function pickLengths(masses: readonly number[], low: number, high: number, width: number): number[] {
  const total = sum(masses.slice(low + 1, high + 1));
  const lengths = new Set<number>();
  for (let part = 1; part <= Math.min(width, high - low - 1); part += 1) {
    const goal = (total * part) / (width + 1);
    let [length, below] = [low + 1, masses[low + 1] as number];
    while (length < high - 1 && below + (masses[length + 1] as number) / 2 <= goal) {
      length += 1;
      below += masses[length] as number;
    }
    lengths.add(length);
  }
  return [...lengths];
}

/**
 * Leaves out one element at a time until that is possible no more: 1-minimal, whatever fails. The question after the
 * last removal is about all that are left.
 */
export function* shave<E>(elements: readonly E[], width: number): Search<E> {
  let left = elements;
  for (let at = 0; at < left.length; ) {
    const sets = left.slice(at, at + width).map((without) => left.filter((element) => element !== without));
    const answers = yield { sets, remaining: left.length, estimate: Math.max(0, left.length - at - width) };
    const failing = answers.indexOf(true);
    // What was needed beside the one that is gone may not be needed without it.
    left = sets[failing] ?? left;
    at = failing === -1 ? at + width : 0;
  }
  return left;
}

/** Follows a search with answers that are at hand. */
export function answer<E>(search: Search<E>, fails: (elements: readonly E[]) => boolean): readonly E[] {
  let step = search.next();
  while (!step.done) step = search.next(step.value.sets.map(fails));
  return step.value;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
