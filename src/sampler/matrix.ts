import type { Possibilities, WhyNot } from '../space/possible.ts';
import { valuesFor } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';

/** What is known of two values together: `signatures` of what failed, `why` where nothing can have both. */
export type Cell = {
  values: [one: string, other: string];
  state: 'works' | 'fails' | 'impossible' | 'untested';
  passed: number;
  failed: number;
  signatures: string[];
  why: WhyNot | null;
};

/** The compatibility of two axes on one architecture; a row for each value of the first. */
export type Matrix = { arch: Arch; axes: [one: string, other: string]; cells: Cell[][] };

/** What a matrix is filled from: candidates that were judged. */
export type Outcome = { arch: string; choices: Readonly<Record<string, string>>; hasFailed: boolean; signatures: readonly string[] };

/** Fills the table of two axes: what was judged counts more than what the solver thinks. */
export function makeMatrix(possibilities: Possibilities, axes: [one: string, other: string], outcomes: readonly Outcome[]): Matrix {
  const { space, arch } = possibilities;
  const [one, other] = axes;
  const own = outcomes.filter((outcome) => outcome.arch === arch);
  const cells = valuesFor(space, one, arch).map((value) => valuesFor(space, other, arch).map((otherValue) => {
    const met = own.filter(({ choices }) => choices[one] === value && choices[other] === otherValue);
    return fillCell(possibilities, { [one]: value, [other]: otherValue }, [value, otherValue], met);
  }));
  return { arch, axes, cells };
}

function fillCell(possibilities: Possibilities, choices: Record<string, string>, values: [string, string], met: readonly Outcome[]): Cell {
  const failing = met.filter(({ hasFailed }) => hasFailed);
  const cell: Cell = { values, state: 'works', passed: met.length - failing.length, failed: failing.length, signatures: [...new Set(failing.flatMap(({ signatures }) => signatures))].sort(), why: null };
  if (failing.length > 0) return { ...cell, state: 'fails' };
  if (met.length > 0) return cell;
  return possibilities.isPossible(choices) ? { ...cell, state: 'untested' } : { ...cell, state: 'impossible', why: possibilities.whyNot(choices) };
}
