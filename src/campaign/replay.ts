import { join } from 'node:path';
import { type Case, propertyOf } from '../corpus/cases.ts';
import type { Stage } from '../engine/check.ts';
import type { Engine } from '../engine/local.ts';
import { loadModel } from '../kconfig/load.ts';
import type { Model } from '../kconfig/model.ts';
import { KeptOutput } from '../kconfig/output.ts';
import { type PassName, passNames, type Property } from '../property/contract.ts';
import type { CaseOutcome, Lost, ReplayedCase } from '../report/replay.ts';
import type { Candidate } from '../sampler/records.ts';
import type { Space } from '../space/schema.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { forEachOf } from '../util/concurrent.ts';
import type { Jobserver } from '../util/jobserver.ts';
import type { Verdict } from '../verdict/records.ts';
import { judgeTrial } from './trials.ts';
import { findLostWishes, listWishes, makeCandidate } from './wishes.ts';

/** What replaying takes, made whole at the command line. */
export type ReplayPlan = {
  tree: Tree;
  toolchain: Toolchain;
  cache: string;
  /** Of all spaces that the cases name. */
  spaces: ReadonlyMap<string, Space>;
  properties: readonly Pick<Property, 'name' | 'needs'>[];
  check: Engine['check'];
  /** Directory for objtrees, this replay's alone. */
  work: string;
  jobserver: Jobserver | null;
  timeoutMs: number;
  jobs: number;
  signal: AbortSignal;
  onStage: (candidate: Candidate, stage: Stage) => void;
  onResult: (result: ReplayedCase) => Promise<void>;
};

/** Builds and judges cases on a tree, each once; another failure than its own counts where a second clean build shows it too. */
export async function replayCases(plan: ReplayPlan, cases: readonly Case[]): Promise<void> {
  const { tree, toolchain, cache, signal, spaces } = plan;
  const models = new Models({ tree, toolchain, cache, signal });
  const numbered = cases.map((one, index) => ({ one, index }));
  await forEachOf(numbered, plan.jobs, async ({ one, index }) => {
    if (signal.aborted) return;
    const space = spaces.get(one.space);
    if (!space) throw new Error(`the space ${one.space} was not loaded`);
    const lost = findLostWishes(await models.of(one.arch), listWishes(one, space));
    const candidate = makeCandidate(one, space, { index, replays: one.name });
    const check = (isTrial: boolean) => plan.check(
      { tree, toolchain, space, candidate, work: join(plan.work, String(index)), jobserver: plan.jobserver, timeoutMs: plan.timeoutMs, keep: false, cache, certifyEvery: 1, passes: passesFor(one, plan.properties), known: [], isTrial },
      (stage) => plan.onStage(candidate, stage),
    );
    let { verdict } = await check(true);
    if (judgeCase(one, verdict, lost).kind === 'another' && !signal.aborted) ({ verdict } = await check(false));
    if (!signal.aborted) await plan.onResult({ one, verdict, lost, outcome: judgeCase(one, verdict, lost) });
  });
}

/** The passes of a case, and the one that its property needs. */
export function passesFor(one: Pick<Case, 'signature' | 'passes'>, properties: ReplayPlan['properties']): PassName[] {
  const needed = properties.find(({ name }) => name === propertyOf(one))?.needs;
  return passNames.filter((pass) => pass === needed || one.passes.includes(pass));
}

/** Models of a tree, each loaded once. */
export class Models {
  readonly #place: { tree: Tree; toolchain: Toolchain; cache: string; signal: AbortSignal };
  readonly #loaded = new Map<Arch, Promise<Model>>();

  constructor(place: { tree: Tree; toolchain: Toolchain; cache: string; signal: AbortSignal }) {
    this.#place = place;
  }

  of(arch: Arch): Promise<Model> {
    const loading = this.#loaded.get(arch) ?? loadModel({ ...this.#place, arch, output: new KeptOutput() }).then(({ model }) => model);
    this.#loaded.set(arch, loading);
    return loading;
  }
}

/** What a verdict says of a case. That a failure does not show means little where the tree did not take what it needs. */
export function judgeCase(one: Pick<Case, 'signature'>, verdict: Pick<Verdict, 'verdict' | 'failures' | 'known' | 'fault' | 'notApplicable'>, lost: readonly Lost[]): CaseOutcome {
  const { signature } = one;
  const met = [...verdict.failures, ...verdict.known];
  if (met.some((failure) => failure.signature === signature)) return { kind: 'still-there' };
  const isJudged = verdict.verdict === 'passed' || verdict.verdict === 'failed';
  if (!isJudged) return { kind: 'unjudged', why: verdict.fault === null ? verdict.verdict : `${verdict.fault.code}: ${verdict.fault.message}` };
  if (verdict.failures.length > 0) return { kind: 'another', signatures: verdict.failures.map((failure) => failure.signature), isHidden: judgeTrial(verdict, signature) === 'hidden' };
  if (lost.length > 0) return { kind: 'unreachable' };
  const silent = verdict.notApplicable.find(({ property }) => property === propertyOf(one));
  return silent ? { kind: 'unjudged', why: silent.reason } : { kind: 'gone' };
}

/** What a verdict tells the case itself: seen, gone, or nothing. */
export function whereSeen({ kind }: CaseOutcome): 'seen' | 'gone' | null {
  return kind === 'still-there' ? 'seen' : kind === 'gone' ? 'gone' : null;
}
