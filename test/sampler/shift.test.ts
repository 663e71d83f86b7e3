import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canHave, compareReach, type Reach } from '../../src/sampler/shift.ts';

const axes = { lto: ['none', 'thin', 'full'], btf: ['off', 'on'], debug: ['none', 'dwarf'] };
const sets = Object.entries(axes).flatMap(([axis, values]) => values.map((value): [string, string] => [axis, value]));
const pairs = sets.flatMap((one, index) => sets.slice(index + 1).filter(([axis]) => axis !== one[0]).map((other) => Object.fromEntries([one, other])));
const reach = fc.record({ own: fc.subarray(Object.keys(axes)), impossible: fc.subarray([...sets.map((one) => Object.fromEntries([one])), ...pairs]) }).map(({ own, impossible }): Reach => {
  // A space that lacks an axis says nothing of it.
  const known = Object.fromEntries(Object.entries(axes).filter(([axis]) => !own.includes(axis)));
  return { arch: 'x86_64', strength: 2, axes: known, impossible: impossible.filter((choices) => Object.keys(choices).every((axis) => axis in known)).map((choices) => ({ choices, why: 'n' })) };
});
const isOf = ({ axes: own }: Reach, choices: Record<string, string>) => Object.keys(choices).every((axis) => axis in own);
const holds = (choices: Record<string, string>, all: readonly { choices: Readonly<Record<string, string>> }[]) => all.some((set) => Object.entries(set.choices).every(([axis, value]) => choices[axis] === value));

test('a pair that can be had no more holds a set that is told, and each set that is told could be had', () => {
  fc.assert(fc.property(reach, reach, (before, now) => {
    const [shift] = compareReach([before], [now]);
    for (const pair of pairs.filter((one) => isOf(before, one) && isOf(now, one))) {
      if (canHave(before, pair) && !canHave(now, pair)) expect(holds(pair, shift?.impossible ?? [])).toBe(true);
      if (!canHave(before, pair) && canHave(now, pair)) expect(holds(pair, shift?.reachable ?? [])).toBe(true);
    }
    for (const { choices } of shift?.impossible ?? []) expect([canHave(before, choices), canHave(now, choices)]).toEqual([true, false]);
    for (const { choices } of shift?.reachable ?? []) expect([canHave(before, choices), canHave(now, choices)]).toEqual([false, true]);
  }));
});

test('the way back tells the same the other way round, and the same tree tells nothing', () => {
  fc.assert(fc.property(reach, reach, (before, now) => {
    const [there] = compareReach([before], [now]);
    const [back] = compareReach([now], [before]);
    expect(back?.reachable ?? []).toEqual(there?.impossible ?? []);
    expect(compareReach([now], [now])).toEqual([]);
  }));
});

test('triples are held against triples alone, and an architecture against itself', () => {
  const triple = { choices: { lto: 'full', btf: 'on', debug: 'none' }, why: 'n' };
  const one: Reach = { arch: 'x86_64', strength: 2, axes, impossible: [] };
  const other: Reach = { ...one, strength: 3, impossible: [triple] };
  expect(compareReach([one], [other])).toEqual([]);
  expect(compareReach([{ ...one, strength: 3 }], [other])).toMatchObject([{ impossible: [triple] }]);
  expect(compareReach([{ ...one, arch: 'um', strength: 3 }], [other])).toEqual([]);
});
