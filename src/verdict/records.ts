import type { Evidence, PassName, Sign } from '../property/contract.ts';
import type { LostRequest } from '../sampler/records.ts';
import type { Arch } from '../tree/records.ts';

export const verdictNames = ['passed', 'failed', 'dropped', 'timed-out', 'infra-error'] as const;
export type VerdictName = (typeof verdictNames)[number];

/** One violation of one property, with its signature: the same defect has the same one everywhere. */
export type SignedFailure = { property: string; signature: string; summary: string; evidence: Evidence[]; symptoms?: Sign[][] };

/** One that is known already, and fails nothing. `issue`: the entry's name in the file of known issues. */
export type KnownFailure = SignedFailure & { issue: string };

/** Milliseconds that each part of a candidate took; `confirm` is the second, clean build of a failing one. */
export type Cost = { resolveMs: number; buildMs: number; judgeMs: number; confirmMs: number } & Record<`${PassName}Ms`, number>;

/** What became of one candidate. Plain data: this very record crosses the worker, the journal and the report. */
export type Verdict = {
  kind: 'verdict';
  index: number;
  /** The line that replays it: `kinfuzz repro SEED`. */
  seed: string;
  arch: Arch;
  /** SHA-256 of the resolved `.config`; empty where it could not be resolved. */
  config: string;
  /** Whether the resolved configuration inlines helpers. */
  inline: boolean;
  verdict: VerdictName;
  failures: SignedFailure[];
  /** Failures that a known issue explains; no second build has confirmed them. */
  known: KnownFailure[];
  /** Whether the kernel's own conf gave this configuration too; `trusted`: it was not asked. */
  resolution: 'certified' | 'trusted' | 'front-end-mismatch';
  dropped: LostRequest[];
  /** What went wrong under the build; null where nothing did. */
  fault: { code: string; message: string } | null;
  /** Properties that had nothing to say, and why. */
  notApplicable: { property: string; reason: string }[];
  choices: Record<string, string>;
  /** What was made beside the build; a replay that leaves it out shows less. */
  passes: PassName[];
  cost: Cost;
};

/** Judgements of one architecture's candidates: on symbols that the space says can be `y`, on others, and those that failed. */
export type GateCounts = { open: number; shut: number; wrong: number };

/** Failures of gates with one signature: the fragment that shows it, and where that is a candidate's its seed. */
export type GateFinding = SignedFailure & { arches: Arch[]; candidates: number; seed: string | null; fragment: string; isCertified: boolean };

/** What became of a run at the level of configurations. `faults`: what conf resolves otherwise than we do. */
export type GateReport = {
  proofs: { proven: number; idle: number; refuted: number };
  counts: Partial<Record<Arch, GateCounts>>;
  findings: GateFinding[];
  faults: { arch: Arch; fragment: string; code: string; message: string }[];
};
