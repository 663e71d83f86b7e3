import type { WhyNot } from '../space/possible.ts';
import { type Choices, nameTuple } from '../space/requests.ts';
import { listAxisSets, measureCoverage, tuplesOf } from '../space/tuples.ts';
import type { Arch } from '../tree/records.ts';
import type { Candidate } from './records.ts';
import type { Sampler } from './sampler.ts';

/** Why some tuples are impossible: the fewest choices that are so already, and how many tuples hold them. */
export type ImpossibleReason = { choices: Choices; tuples: number; why: WhyNot };

/** How much of what a covering run is for has been checked, by any run of the same space, tree and toolchain. */
export type CoverageReport = { arch: Arch; strength: 2 | 3; covered: number; impossible: number; left: number; reasons: ImpossibleReason[] };

/** The choices that have been built and judged, by architecture. */
export type Judged = ReadonlyMap<string, readonly Choices[]>;

/** Whether all that a covering candidate is for has been judged before. Random ones are never known. */
export function knownBefore(sampler: Sampler, strength: 2 | 3, earlier: Judged): (candidate: Candidate) => boolean {
  const axisSets = listAxisSets(sampler.space, strength);
  const met = new Map([...earlier].map(([arch, all]) => [arch, new Set(all.flatMap((choices) => tuplesOf(axisSets, choices)))]));
  return ({ arch, choices, index, runSeed }) => {
    const known = met.get(arch);
    return known !== undefined && sampler.plan(runSeed, strength).row(index) !== null && tuplesOf(axisSets, choices).every((tuple) => known.has(tuple));
  };
}

/** Holds what was judged against what is to be covered, an architecture at a time. */
export function reportCoverage(sampler: Sampler, strength: 2 | 3, judged: Judged, arches: readonly Arch[] | null): CoverageReport[] {
  return [...sampler.drawers].filter(([arch]) => arches === null || arches.includes(arch)).map(([arch, { possibilities }]) => {
    const { covered, impossible, left } = measureCoverage(possibilities, strength, judged.get(arch) ?? []);
    const reasons = new Map<string, ImpossibleReason>();
    for (const tuple of impossible) {
      const choices = possibilities.narrow(Object.fromEntries(tuple)) ?? {};
      const name = nameTuple(Object.entries(choices));
      const known = reasons.get(name);
      if (known) known.tuples += 1;
      else reasons.set(name, { choices, tuples: 1, why: possibilities.whyNot(choices) });
    }
    return { arch, strength, covered: covered.length, impossible: impossible.length, left: left.length, reasons: [...reasons.values()] };
  });
}
