import type { Arch } from '../tree/records.ts';
import type { Possibilities } from './possible.ts';
import { type Choices, nameTuple, type Tuple, valuesFor } from './requests.ts';
import type { Space } from './schema.ts';

/** Which axes are covered together: any `strength` of them, and any of a group to its own strength. */
export function listAxisSets(space: Space, strength: 2 | 3): string[][] {
  const axes = Object.keys(space.axes);
  const sets = new Map<string, string[]>();
  const add = (found: string[][]) => {
    for (const set of found) sets.set(set.join(' '), set);
  };
  // A space of two axes has no triples: its pairs are all there is.
  add(combine(axes, Math.min(strength, axes.length)));
  for (const group of space.groups) add(combine(axes.filter((axis) => group.axes.includes(axis)), Math.max(strength, group.strength)));
  return [...sets.values()];
}

/** Every tuple that a covering run of an architecture has to meet, or to prove impossible. */
export function listTuples(space: Space, arch: Arch, strength: 2 | 3): Tuple[] {
  const values = new Map(Object.keys(space.axes).map((axis) => [axis, valuesFor(space, axis, arch)]));
  return listAxisSets(space, strength).flatMap((axes) => multiply(axes, values));
}

/** The tuples of these choices, by {@link nameTuple}. */
export function tuplesOf(axisSets: readonly (readonly string[])[], choices: Choices): string[] {
  return axisSets.map((axes) => nameTuple(axes.map((axis) => [axis, choices[axis] ?? ''] as const)));
}

/** How far a run has come. `impossible`: proven so; `left`: neither met nor proven impossible. */
export type Coverage = { covered: Tuple[]; impossible: Tuple[]; left: Tuple[] };

/** Holds what was checked against what was to be covered. */
export function measureCoverage(possibilities: Possibilities, strength: 2 | 3, checked: readonly Choices[]): Coverage {
  const { space, arch } = possibilities;
  const axisSets = listAxisSets(space, strength);
  const met = new Set(checked.flatMap((choices) => tuplesOf(axisSets, choices)));
  const coverage: Coverage = { covered: [], impossible: [], left: [] };
  for (const tuple of listTuples(space, arch, strength)) {
    if (met.has(nameTuple(tuple))) coverage.covered.push(tuple);
    else coverage[possibilities.isPossible(Object.fromEntries(tuple)) ? 'left' : 'impossible'].push(tuple);
  }
  return coverage;
}

function combine(axes: readonly string[], count: number): string[][] {
  if (count === 0) return [[]];
  return axes.flatMap((axis, index) => combine(axes.slice(index + 1), count - 1).map((rest) => [axis, ...rest]));
}

function multiply(axes: readonly string[], values: ReadonlyMap<string, readonly string[]>): Tuple[] {
  const [axis, ...others] = axes;
  if (axis === undefined) return [[]];
  const rest = multiply(others, values);
  return (values.get(axis) ?? []).flatMap((value) => rest.map((tuple) => [[axis, value] as const, ...tuple]));
}
