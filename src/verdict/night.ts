import type { PassName } from '../property/contract.ts';
import type { Arch } from '../tree/records.ts';
import type { SignedFailure, Verdict } from './records.ts';

/**
 * What a night knows of a failure. `new`: neither the last night nor a
 * case knew it; `still`: one did; `gone`: all configurations
 * that had shown it were judged again and have it no more; `impossible`: none of them can be had any more; `known`: a
 * known issue explains it now; `open`: it was there, and this night cannot tell.
 */
export const findingStates = ['new', 'still', 'gone', 'impossible', 'known', 'open'] as const;
export type FindingState = (typeof findingStates)[number];

/** A configuration that showed a failure, one for each architecture. `config`: hash of the `.config`. */
export type Shown = { arch: Arch; config: string; choices: Record<string, string>; passes: PassName[]; seed: string };

/** A failure, as one night leaves it to the next. */
export type NightFinding = Pick<SignedFailure, 'property' | 'signature' | 'summary'> & {
  state: FindingState;
  /** The state of the night before; null where it was not there. */
  before: FindingState | null;
  /** The night that had it first. */
  since: string;
  /** How many candidates of this night had it. */
  candidates: number;
  shown: Shown[];
  /** Folders, below that of the nights, in which it was led back to a few assignments. */
  minimized: string[];
  /** Why it is `open` or `impossible`. */
  note: string | null;
};

/** What became of a configuration that had shown a failure; `changed`: symbols that resolved otherwise. */
export type Replay = { signature: string; arch: Arch } & ({ kind: 'judged'; verdict: Pick<Verdict, 'verdict' | 'failures' | 'known'>; changed: string[] } | { kind: 'impossible'; why: string } | { kind: 'unjudged'; why: string });

/** States of a finding that the next night looks for again. */
export function isOpen({ state }: Pick<NightFinding, 'state'>): boolean {
  return state !== 'gone' && state !== 'known';
}

/**
 * Holds a night against the one before it. Each failure of either is named once.
 *
 * @param before what the last night left
 * @param remembered signatures of failures that a corpus knows: they may be seen for the first time, and are not new
 * @param verdicts all of this night, those of replays among them
 */
export function compareNights(night: string, { before, remembered, verdicts, replays }: { before: readonly NightFinding[]; remembered: readonly string[]; verdicts: readonly Verdict[]; replays: readonly Replay[] }): NightFinding[] {
  const left = new Map(before.filter(isOpen).map((finding) => [finding.signature, finding]));
  const seen = collectSeen(night, verdicts);
  const known = new Set(verdicts.flatMap((verdict) => verdict.known.map(({ signature }) => signature)));
  const met = [...seen.values()].map((finding): NightFinding => {
    const earlier = left.get(finding.signature);
    if (earlier === undefined) return remembered.includes(finding.signature) ? { ...finding, state: 'still' } : finding;
    return { ...finding, state: 'still', before: earlier.state, since: earlier.since, minimized: earlier.minimized, shown: joinShown(earlier.shown, finding.shown) };
  });
  const unmet = [...left.values()].filter(({ signature }) => !seen.has(signature)).map((finding): NightFinding => {
    const fate = known.has(finding.signature) ? { state: 'known' as const, note: null } : decideUnmet(finding, replays.filter(({ signature }) => signature === finding.signature));
    return { ...finding, ...fate, before: finding.state, candidates: 0 };
  });
  return [...met, ...unmet].sort((one, other) => findingStates.indexOf(one.state) - findingStates.indexOf(other.state) || (one.signature < other.signature ? -1 : 1));
}

function collectSeen(night: string, verdicts: readonly Verdict[]): Map<string, NightFinding> {
  const seen = new Map<string, NightFinding>();
  for (const { arch, config, choices, passes, seed, failures } of verdicts) {
    for (const { property, signature, summary } of failures) {
      const finding = seen.get(signature) ?? { property, signature, summary, state: 'new', before: null, since: night, candidates: 0, shown: [], minimized: [], note: null };
      seen.set(signature, { ...finding, candidates: finding.candidates + 1, shown: joinShown(finding.shown, [{ arch, config, choices, passes, seed }]) });
    }
  }
  return seen;
}

/** The first of each architecture. */
function joinShown(first: readonly Shown[], second: readonly Shown[]): Shown[] {
  return [...first, ...second.filter(({ arch }, at) => !first.some((other) => other.arch === arch) && second.findIndex((other) => other.arch === arch) === at)];
}

/** Properties whose failures leave the others without anything to judge. */
const hiding = new Set(['builds', 'reads']);

/** Of a failure that no candidate had: only what was judged again, as it was, and passed counts as gone. */
function decideUnmet({ shown }: NightFinding, replays: readonly Replay[]): Pick<NightFinding, 'state' | 'note'> {
  const fates = shown.map(({ arch }) => decideReplay(arch, replays.find((replay) => replay.arch === arch)));
  const doubt = fates.find(({ state }) => state === 'open');
  if (doubt !== undefined) return doubt;
  if (fates.every(({ state }) => state === 'gone')) return { state: fates.length > 0 ? 'gone' : 'open', note: null };
  const shut = fates.flatMap(({ state, note }) => (state === 'impossible' ? (note ?? []) : []));
  // Passed on one architecture, not to be had on the other: neither can be said of the whole.
  return { state: fates.every(({ state }) => state === 'impossible') ? 'impossible' : 'open', note: shut.join('; ') };
}

function decideReplay(arch: Arch, replay: Replay | undefined): Pick<NightFinding, 'state' | 'note'> {
  if (replay === undefined) return { state: 'open', note: `${arch}: there was no time for its configuration` };
  if (replay.kind === 'unjudged') return { state: 'open', note: `${arch}: ${replay.why}` };
  if (replay.kind === 'impossible') return { state: 'impossible', note: `${arch}: ${replay.why}` };
  const { verdict, failures } = replay.verdict;
  const hider = failures.find(({ property }) => hiding.has(property));
  if (hider !== undefined) return { state: 'open', note: `${arch}: ${hider.signature} comes first now` };
  if (verdict !== 'passed' && verdict !== 'failed') return { state: 'open', note: `${arch}: ${verdict}` };
  if (replay.changed.length === 0) return { state: 'gone', note: null };
  const named = replay.changed.slice(0, 3).join(', ');
  return { state: 'open', note: `${arch}: not seen, but the configuration is another now: ${named}${replay.changed.length > 3 ? ` and ${replay.changed.length - 3} more` : ''}` };
}

/** What a night ended with. `clean`: nothing new, whatever is still there. */
export type NightOutcome = 'clean' | 'new' | 'faulty';

/** One candidate in so many may end by the machine's fault before the night counts as let down by it. */
const faultShare = 10;

/** Findings first: that the machine failed later does not take them back. `hasFault`: a run of the night was ended by one. */
export function decideNight(findings: readonly NightFinding[], verdicts: readonly Pick<Verdict, 'verdict' | 'resolution'>[], hasFault: boolean): NightOutcome {
  if (findings.some(({ state }) => state === 'new')) return 'new';
  const faults = verdicts.filter(({ verdict }) => verdict === 'infra-error' || verdict === 'timed-out').length;
  const isLetDown = hasFault || faults * faultShare > verdicts.length || verdicts.some(({ resolution }) => resolution === 'front-end-mismatch');
  return isLetDown || !verdicts.some(({ verdict }) => verdict === 'passed' || verdict === 'failed') ? 'faulty' : 'clean';
}
