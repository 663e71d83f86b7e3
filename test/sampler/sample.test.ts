import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadSpace } from '../../src/space/load.ts';
import type { Space } from '../../src/space/schema.ts';
import { findLost, formatRequests, sampleCandidate, sampleCandidates } from '../../src/sampler/sample.ts';
import { parseConfig } from '../../src/kconfig/config.ts';

let space: Space;
beforeAll(async () => {
  ({ space } = await loadSpace('inline-helpers', 'corpus/spaces'));
});
const anySeed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyIndex = fc.integer({ min: 0, max: 5000 });

test('the candidates of seed 42 are pinned', () => {
  const drawn = Array.from({ length: 50 }, (_, index) => sampleCandidate(space, 42, index));
  const lines = drawn.map(({ arch, choices }) => `${arch} ${Object.values(choices).join(' ')}`);
  expect(lines).toMatchSnapshot();
});

test('a candidate is a function of seed and index alone', () => {
  fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
    expect(sampleCandidate(space, seed, index)).toEqual(sampleCandidate(space, seed, index));
  }));
});

test('no forbidden combination, no value on an architecture it is not for', () => {
  fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
    const { arch, choices } = sampleCandidate(space, seed, index);
    for (const { when } of space.forbid) {
      expect(Object.entries(when).every(([axis, values]) => values.includes(choices[axis] ?? ''))).toBe(false);
    }
    for (const [axis, value] of Object.entries(choices)) expect(space.axes[axis]?.[value]?.arches).toContain(arch);
    expect(Object.keys(choices).sort()).toEqual(Object.keys(space.axes).sort());
  }));
});

test('each bagful has every architecture as often as its weight', () => {
  const size = Object.values(space.arches).reduce((sum, { weight }) => sum + weight, 0);
  fc.assert(fc.property(anySeed, fc.integer({ min: 0, max: 50 }), (seed, bagful) => {
    const drawn = Array.from({ length: size }, (_, place) => sampleCandidate(space, seed, bagful * size + place).arch);
    for (const [arch, { weight }] of Object.entries(space.arches)) expect(drawn.filter((name) => name === arch)).toHaveLength(weight);
  }), { numRuns: 30 });
});

test('no possible value is rarer than a tenth of its weight', () => {
  const drawn = Array.from({ length: 2000 }, (_, index) => sampleCandidate(space, 7, index)).filter(({ arch }) => arch === 'x86_64');
  for (const [axis, values] of Object.entries(space.axes)) {
    const possible = Object.entries(values).filter(([, { arches }]) => arches.includes('x86_64'));
    const total = possible.reduce((sum, [, { weight }]) => sum + weight, 0);
    for (const [name, { weight }] of possible) {
      const share = drawn.filter(({ choices }) => choices[axis] === name).length / drawn.length;
      expect(share, `${axis}=${name}`).toBeGreaterThan(weight / total / 10);
    }
  }
});

test('another architecture filter leaves the indices as they are', () => {
  const all = take(sampleCandidates(space, 9, null), 40).filter(({ arch }) => arch === 'arm64');
  expect(take(sampleCandidates(space, 9, ['arm64']), all.length)).toEqual(all);
});

describe('requests', () => {
  test('print and read back', () => {
    fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
      const { requested } = sampleCandidate(space, seed, index);
      expect(findLost(requested, parseConfig(formatRequests(requested)))).toEqual([]);
    }));
  });

  test('a lost one is named with what became of it', () => {
    const requested = [{ symbol: 'A', value: 'm', from: 'axis=value' }, { symbol: 'B', value: 'n', from: 'pin' }, { symbol: 'C', value: 'y', from: 'pin' }];
    expect(findLost(requested, parseConfig('CONFIG_A=y\n'))).toEqual([
      { symbol: 'A', value: 'm', from: 'axis=value', effective: 'y' },
      { symbol: 'C', value: 'y', from: 'pin', effective: 'n' },
    ]);
  });
});

function take<T>(source: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  for (const value of source) {
    if (taken.length === count) break;
    taken.push(value);
  }
  return taken;
}
