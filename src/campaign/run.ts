import { join } from 'node:path';
import { judgeLost, type Stage } from '../engine/check.ts';
import type { Journal, Replay } from '../engine/journal.ts';
import type { Engine } from '../engine/local.ts';
import type { PassName } from '../property/contract.ts';
import type { Candidate, Cover } from '../sampler/records.ts';
import type { Sampler } from '../sampler/sampler.ts';
import type { Space } from '../space/schema.ts';
import { ensureUnchanged, type OpenTree } from '../tree/open.ts';
import type { Arch, Toolchain } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import type { openJobserver } from '../util/jobserver.ts';
import type { KnownIssue } from '../verdict/known.ts';
import type { Verdict } from '../verdict/records.ts';
import type { Checked } from './remember.ts';

/** A run, made whole at the command line. */
export type Campaign = {
  open: OpenTree;
  toolchain: Toolchain;
  sampler: Sampler;
  runSeed: number;
  /** 2 or 3: all pairs, or triples, of values first. */
  cover: Cover;
  /** How many candidates in all, those of the resumed run included; null: until time is up, or all is covered. */
  runs: number | null;
  arches: readonly Arch[] | null;
  /** Directory for objtrees, this run's alone. */
  work: string;
  timeoutMs: number;
  keep: boolean;
  cache: string;
  /** One candidate in so many is certified by conf. */
  certifyEvery: number;
  passes: PassName[];
  known: KnownIssue[];
  journal: Journal;
  /** Cases and the like that are checked before anything is drawn, with their spaces. */
  replays: readonly { replay: Pick<Replay, 'passes' | 'candidate'>; space: Space }[];
  /** Puts into a corpus what a verdict says; null where there is none. */
  remember: ((checked: Checked) => Promise<void>) | null;
  engine: Engine;
  jobserver: Awaited<ReturnType<typeof openJobserver>> | null;
  /** True once no further candidate may be begun. */
  isTimeUp: () => boolean;
  /** Whether an earlier run has checked all that a candidate is for. */
  isKnown: (candidate: Candidate) => boolean;
  /** Ends the run at once; what is in flight is not judged. */
  signal: AbortSignal;
  onStage: (candidate: Candidate, stage: Stage) => void;
  /** Takes verdicts that are durable, before they are announced: first those of earlier sittings, which may have been killed here. */
  keepFindings: (verdicts: readonly Verdict[]) => Promise<void>;
  onVerdict: (verdict: Verdict) => void;
};

/** As many faults of one kind in a row, and the next would only be another. */
const patience = 3;

/**
 * Checks candidates until their number, the time or the user ends the run. Each verdict is durable before it is
 * announced; candidates of a resumed run that have one are not checked again, faults aside.
 *
 * @throws UserError `TREE_CHANGED`; InfraError where the same fault keeps coming
 */
export async function runCampaign(campaign: Campaign): Promise<Verdict[]> {
  await campaign.keepFindings(campaign.journal.verdicts());
  const done = new Set(campaign.journal.verdicts().filter(({ verdict }) => verdict !== 'infra-error' && verdict !== 'timed-out').map(({ index }) => index));
  const candidates = takeCandidates(campaign, done);
  const failure = new AbortController();
  const stop = AbortSignal.any([campaign.signal, failure.signal]);
  stop.addEventListener('abort', () => campaign.engine.stop(), { once: true });
  const state: State = { faults: [], inFlight: 0, isDirty: false, waiting: [] };
  const lanes = Array.from({ length: campaign.engine.size }, () =>
    runLane(campaign, candidates, state, stop).catch((error: unknown) => {
      failure.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(lanes);
  // The first reason; what the other lanes met on their way out only follows from it.
  if (failure.signal.aborted) throw failure.signal.reason;
  return campaign.journal.verdicts();
}

type State = { faults: string[]; inFlight: number; isDirty: boolean; waiting: (() => void)[] };

function* takeCandidates({ sampler, runSeed, cover, arches, runs, replays, isTimeUp, isKnown }: Campaign, done: ReadonlySet<number>): Generator<Candidate> {
  for (const { replay: { candidate } } of replays) if (!done.has(candidate.index) && !isTimeUp()) yield candidate;
  // A covering run that nothing else limits ends with what it is to cover.
  const drawn = sampler.candidates(runSeed, arches, cover, runs === null && cover !== 0);
  const total = runs ?? Infinity;
  for (let count = 0; count < total && !isTimeUp(); count += 1) {
    const next = drawn.next();
    if (next.done) return;
    if (done.has(next.value.index)) continue;
    if (isKnown(next.value)) count -= 1;
    else yield next.value;
  }
}

/** One of the engine's places: takes the next candidate as soon as it is free. */
async function runLane(campaign: Campaign, candidates: Generator<Candidate>, state: State, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await untilRefilled(campaign, state);
    const next = candidates.next();
    if (next.done) return;
    await checkOne(campaign, next.value, state, stop);
  }
}

async function checkOne(campaign: Campaign, candidate: Candidate, state: State, stop: AbortSignal): Promise<void> {
  const { open, toolchain, sampler, timeoutMs, keep, jobserver } = campaign;
  const work = join(campaign.work, String(candidate.index));
  const replayed = campaign.replays.find(({ replay }) => replay.candidate.index === candidate.index);
  const task = { tree: open.tree, toolchain, space: replayed?.space ?? sampler.space, candidate, work, jobserver: jobserver?.jobserver ?? null, timeoutMs, keep, cache: campaign.cache, certifyEvery: campaign.certifyEvery, passes: replayed?.replay.passes ?? campaign.passes, known: campaign.known };
  state.inFlight += 1;
  try {
    const { verdict, config, ownConfig, dependencies } = await campaign.engine.check(task, (stage) => campaign.onStage(candidate, stage)).catch((error: unknown) => {
      if (!(error instanceof InfraError && error.code === 'WORKER_LOST')) throw error;
      return { verdict: judgeLost(task, { code: error.code, message: error.message }), config: null, ownConfig: null, dependencies: [] };
    });
    if (stop.aborted) return;
    await ensureUnchanged(open, stop);
    campaign.journal.record(verdict, [config, ownConfig]);
    await campaign.keepFindings([verdict]);
    await campaign.remember?.({ verdict, candidate, config, dependencies });
    campaign.onVerdict(verdict);
    state.isDirty ||= verdict.verdict === 'timed-out' || verdict.verdict === 'infra-error';
    countFault(verdict, state);
  } finally {
    state.inFlight -= 1;
    if (state.inFlight === 0) for (const wake of state.waiting.splice(0)) wake();
  }
}

/** A make that was killed takes its tokens with it: the next candidates wait until the pipe can be filled anew. */
async function untilRefilled({ jobserver }: Campaign, state: State): Promise<void> {
  if (!state.isDirty || jobserver === null) return;
  if (state.inFlight > 0) await new Promise<void>((resolve) => state.waiting.push(resolve));
  if (!state.isDirty) return;
  state.isDirty = false;
  jobserver.refill();
}

function countFault({ verdict, fault }: Verdict, state: State): void {
  if (verdict !== 'infra-error') {
    state.faults = [];
    return;
  }
  const code = fault?.code ?? '';
  state.faults = [...state.faults.filter((other) => other === code), code];
  if (code === 'DISK_FULL' || state.faults.length >= patience) {
    throw new InfraError(code, `the run ends early: ${fault?.message ?? code}`, 'mend that, then go on with --resume');
  }
}
