import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { minimize } from '../../src/minimize/minimize.ts';
import { answer, narrow } from '../../src/minimize/narrow.ts';
import type { Minimal, Outcome, Problem } from '../../src/minimize/records.ts';
import { shortHash } from '../../src/util/hash.ts';
import { ddmin } from './peers.ts';

type World = { size: number; weights: number[]; width: number; outcome: (set: readonly number[]) => Outcome };

const most = 24;
const size = fc.integer({ min: 1, max: most });
const weights = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: most, maxLength: most });
const width = fc.integer({ min: 1, max: 4 });
const subset = fc.uniqueArray(fc.nat(most - 1), { minLength: 1, maxLength: 4 });

/** Fails where any of some causes is there as a whole. */
const monotone: fc.Arbitrary<World> = fc.record({ size, weights, width, causes: fc.array(subset, { minLength: 1, maxLength: 3 }) }).map(({ causes, ...world }) => {
  const within = causes.map((cause) => [...new Set(cause.map((element) => element % world.size))]);
  return { ...world, outcome: (set) => (within.some((cause) => cause.every((element) => set.includes(element))) ? 'fails' : 'passes') };
});

/** Anything may happen between all, which fail, and none, which pass; some of it always tells nothing. */
const wild: fc.Arbitrary<World> = fc.record({ size, weights, width, salt: fc.nat(), outcomes: fc.array(fc.constantFrom<Outcome>('fails', 'passes', 'hidden', 'unknown'), { minLength: 1, maxLength: 8 }) })
  .map(({ salt, outcomes, ...world }) => ({
    ...world,
    outcome: (set) => {
      if (set.length === world.size) return 'fails';
      return set.length === 0 ? 'passes' : (outcomes[Number.parseInt(shortHash(`${salt} ${set.join()}`), 16) % outcomes.length] as Outcome);
    },
  }));

/** Runs on a world in which an element without the one before it does not come about where `chain` says so. */
async function run(world: World, chain: ReadonlySet<number> = new Set(), flaky: ReadonlySet<string> = new Set()): Promise<{ minimal: Minimal<number>; tested: string[]; asked: number }> {
  const elements = Array.from({ length: world.size }, (_, index) => index);
  const survivors = (set: readonly number[]) => elements.filter((element) => {
    for (let at = element; set.includes(at); at -= 1) if (!chain.has(at) || at === 0) return true;
    return false;
  });
  const keyOf = (set: readonly number[]) => survivors(set).join();
  const tested: string[] = [];
  const problem: Problem<number> = {
    elements: [...elements].sort((left, right) => (world.weights[right] as number) - (world.weights[left] as number)),
    weightOf: (element) => world.weights[element] as number,
    complete: (set) => elements.filter((element) => {
      for (let at = element; at < world.size; at += 1) {
        if (set.includes(at)) return true;
        if (!chain.has(at + 1)) return false;
      }
      return false;
    }),
    keyOf,
    test: ({ key, elements: set }) => {
      const isFlaky = flaky.has(shortHash(key, 1)) && !tested.includes(key);
      tested.push(key);
      return Promise.resolve(isFlaky ? 'unknown' : world.outcome(survivors(set)));
    },
    width: world.width,
    retries: 2,
    known: new Map<string, Outcome>([[keyOf(elements), 'fails'], ['', 'passes']]),
    onProgress: ({ best, remaining, estimate }) => {
      expect(world.outcome(survivors(best))).toBe('fails');
      expect(remaining).toBeGreaterThan(0);
      expect(estimate).toBeGreaterThanOrEqual(0);
    },
  };
  return { minimal: await minimize(problem), tested, asked: new Set(tested).size };
}

const links = fc.uniqueArray(fc.integer({ min: 1, max: most - 1 }), { maxLength: 12 }).map((numbers) => new Set(numbers));

describe('a minimized set', () => {
  test.each([['monotone', monotone], ['wild', wild]] as const)('%s: fails, is 1-minimal, and no configuration is tested twice', async (_, worlds) => {
    await fc.assert(fc.asyncProperty(worlds, links, async (world, chain) => {
      const { minimal, tested } = await run(world, chain);
      const told = tested.filter((key) => world.outcome(numbersOf(key)) !== 'unknown');
      expect(new Set(told).size).toBe(told.length);
      expect(told).not.toContain('');
      expect(minimal.trials).toBe(new Set(tested).size);
      expect(minimal.neighbours.map(({ without }) => without)).toEqual(minimal.elements);
      for (const { key, outcome } of minimal.neighbours) {
        expect(outcome).not.toBe('fails');
        expect(outcome).toBe(world.outcome(numbersOf(key)));
      }
      expect(minimal.isMinimal).toBe(minimal.neighbours.every(({ key }) => world.outcome(numbersOf(key)) !== 'unknown'));
      // What the neighbours are of fails by itself.
      const whole = [...new Set(minimal.elements)];
      const { outcome } = world;
      expect(outcome(surviving(whole, chain))).toBe('fails');
    }), { numRuns: 300 });
  });

  test('tells the same whether or not what tells nothing at first is tried again', async () => {
    await fc.assert(fc.asyncProperty(monotone, links, fc.subarray([...'0123456789abcdef']), async (world, chain, flaky) => {
      const steady = await run(world, chain);
      const shaken = await run(world, chain, new Set(flaky));
      expect(shaken.minimal).toEqual(steady.minimal);
    }));
  });

  test('takes about log2(n) trials for each cause, and one to show that it is needed', async () => {
    await fc.assert(fc.asyncProperty(monotone, async (world) => {
      const { minimal, asked } = await run({ ...world, width: 1, weights: world.weights.map(() => 1) });
      const causes = minimal.elements.length;
      expect(asked).toBeLessThanOrEqual(causes * (Math.ceil(Math.log2(world.size)) + 2) + causes);
    }), { numRuns: 300 });
  });

  test('is found by ddmin too', async () => {
    await fc.assert(fc.asyncProperty(monotone, async (world) => {
      const elements = Array.from({ length: world.size }, (_, index) => index);
      const found = await ddmin(elements, (set) => Promise.resolve(world.outcome(set) === 'fails'));
      expect(world.outcome(found)).toBe('fails');
      for (const without of found) expect(world.outcome(found.filter((element) => element !== without))).toBe('passes');
    }));
  });
});

test('a cause that was rightly suspected is found at once', () => {
  const asked: number[] = [];
  const elements = Array.from({ length: 1000 }, (_, index) => index);
  const found = answer(narrow(elements, (element) => (element === 0 ? 2000 : 1), 1), (set) => {
    asked.push(set.length);
    return set.includes(0);
  });
  expect({ found, asked }).toEqual({ found: [0], asked: [1] });
});

function numbersOf(key: string): number[] {
  return key === '' ? [] : key.split(',').map(Number);
}

function surviving(set: readonly number[], chain: ReadonlySet<number>): number[] {
  return [...set].sort((left, right) => left - right).filter((element) => {
    for (let at = element; set.includes(at); at -= 1) if (!chain.has(at) || at === 0) return true;
    return false;
  });
}
