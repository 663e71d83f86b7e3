import type { Sighting } from '../corpus/cases.ts';
import { formatFragment } from '../kconfig/config.ts';
import type { Outcome, Progress } from '../minimize/records.ts';
import type { PassName } from '../property/contract.ts';
import type { Arch } from '../tree/records.ts';
import type { SignedFailure } from '../verdict/records.ts';
import { formatEvidence } from './text.ts';

/** One assignment of the cause. `place`: where its prompt is; `without`: what becomes of the failure if it is left out. */
export type Cause = { symbol: string; value: string; base: string; place: string | null; verdict: string; without: Outcome };

/** What a search ended with; its files are in `directory`. */
export type MinimizedFinding = {
  kind: 'minimized';
  failure: SignedFailure;
  arch: Arch;
  /** The configuration that was given to start from, where one was. */
  good?: string;
  /** The assignments that everything stands on; they alone do not fail, unless `causes` is empty. */
  base: { symbol: string; value: string }[];
  causes: Cause[];
  /** Whether the failure was seen to be gone without any one of the causes. */
  isMinimal: boolean;
  /** Whether two clean builds of the fragment showed the failure, and `conf` gave its configuration too. */
  isConfirmed: boolean;
  /** The failure as these builds showed it; null where they did not. */
  shown: SignedFailure | null;
  /** How many assignments there were to choose from, and how many configurations were built for it, earlier sittings included. */
  elements: number;
  trials: number;
  /** Failures that other trials met, each with the shortest fragment that showed it, once. */
  others: (SignedFailure & { file: string })[];
  directory: string;
  /** What it was found with; `space` by its name. */
  about: { space: string; passes: PassName[]; sighting: Sighting };
};

/** How far a search is, in a line. */
export function formatProgress({ trials, estimate, remaining, best }: Progress<unknown>): string {
  return `${trials} builds done, about ${estimate} to come; ${remaining} assignments left to look at, ${best.length} known to suffice`;
}

const shownEvidence = 4;

/** The fragment, what each line of it is for, and where everything is. */
export function formatMinimized({ good, failure, arch, base, causes, isMinimal, isConfirmed, elements, trials, others, directory }: MinimizedFinding): string {
  const inline = base.find(({ symbol }) => symbol === 'RUST_INLINE_HELPERS')?.value;
  const lines = [`MINIMIZED ${failure.signature} to ${causes.length} of ${elements} assignments, in ${trials} builds${isConfirmed ? '' : ' (NOT CONFIRMED: two clean builds did not both show it)'}`, `  ${failure.summary}`];
  if (causes.length === 0) lines.push(`  it shows on the base of ${arch} already, whether the option is on or off`);
  else lines.push(good === undefined ? `  on the base of ${arch} (the space's pins${inline === 'y' ? ', the option on' : ', the option off'}) it takes:` : `  on top of ${good} it takes:`);
  for (const { symbol, value, base: before, place, without } of causes) {
    lines.push(`    ${formatFragment([[symbol, value]]).trimEnd()}`, `      ${place ?? 'no prompt'}; ${good === undefined ? 'the base' : 'GOOD'} has ${before}; ${words[without]}`);
  }
  if (!isMinimal) lines.push('  not all of these are shown to be needed: some trials came to no end');
  for (const evidence of failure.evidence.slice(0, shownEvidence)) lines.push(...formatEvidence(evidence));
  for (const { signature, summary, file } of others) lines.push(`  met on the way: ${signature}: ${summary}`, `    with ${file} (--arch ${arch}), which repro and minimize take`);
  lines.push(`  whole fragment: ${directory}/fragment.config`);
  if (causes.some(({ without }) => without === 'passes')) lines.push(`  a neighbour without the failure: ${directory}/passing.config`);
  if (causes.length > 0) lines.push(`  what lets these be set: ${directory}/explain.txt`);
  return lines.join('\n');
}

const words: Record<Outcome, string> = {
  passes: 'without it the failure is gone',
  hidden: 'without it another failure comes first',
  unknown: 'without it nothing could be judged',
  fails: 'not needed',
};
