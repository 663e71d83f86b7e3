import type { Arch } from '../tree/records.ts';
import type { SignedFailure } from './records.ts';

/** What every mutant says of itself, be it one of the embedded pipeline or of a kernel's own build. */
export type MutantName = { name: string; property: string; defect: string };

/**
 * `killed`: the property that it names shows a failure that the same configuration without it does not. `survived`: none
 * does; `misdirected`: only others do. `unfit`: it cannot be put into this tree; `unjudged`: nothing is known of it.
 */
export type MutantState = 'killed' | 'survived' | 'misdirected' | 'unfit' | 'unjudged';

/** What became of one mutant. Plain data: one line of `--json`. */
export type MutantRecord = MutantName & {
  kind: 'mutant';
  arch: Arch;
  state: MutantState;
  /** Failures that are the mutant's doing, one a signature. */
  hits: Omit<SignedFailure, 'evidence' | 'symptoms'>[];
  /** Failures of the configuration without it. */
  healthy: Omit<SignedFailure, 'evidence' | 'symptoms'>[];
  /** Why it is `unfit` or `unjudged`. */
  reason: string | null;
  ms: number;
};

export type Outcome = Pick<MutantRecord, 'state' | 'hits' | 'healthy' | 'reason'>;

/** Holds the failures of a mutant against those of the same configuration without it. */
export function decideMutant({ property }: MutantName, failures: readonly SignedFailure[], healthy: readonly SignedFailure[]): Outcome {
  const known = new Set(healthy.map(({ signature }) => signature));
  const hits = failures.filter(({ signature }) => !known.has(signature)).map(withoutEvidence);
  const isOwn = hits.some((hit) => hit.property === property);
  const state = isOwn ? 'killed' : hits.length > 0 ? 'misdirected' : 'survived';
  return { state, hits, healthy: healthy.map(withoutEvidence), reason: null };
}

/** A mutant that nothing was learnt about. */
export function excuseMutant(state: 'unfit' | 'unjudged', reason: string): Outcome {
  return { state, hits: [], healthy: [], reason };
}

/** Whether no property but its own has caught it. */
export function isKilledAlone({ state, hits, property }: MutantRecord): boolean {
  return state === 'killed' && hits.every((hit) => hit.property === property);
}

function withoutEvidence({ evidence: _, symptoms: __, ...failure }: SignedFailure): Omit<SignedFailure, 'evidence' | 'symptoms'> {
  return failure;
}
