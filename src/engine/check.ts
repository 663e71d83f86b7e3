import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from '../artifact/open.ts';
import { parseConfig, valueOf } from '../kconfig/config.ts';
import { resolveOurselves } from '../kconfig/front-end.ts';
import { type Resolution, resolveConfig } from '../kconfig/resolve.ts';
import { findInfraFault } from '../pipeline/infra.ts';
import { readDependencies } from '../pipeline/kbuild/dependencies.ts';
import { keepHostParts, placeHostParts, seedHostParts } from '../pipeline/kbuild/host-parts.ts';
import type { Build, BuildRequest, Mutant } from '../pipeline/records.ts';
import { type PassName, type PassResults, passNames, type Property } from '../property/contract.ts';
import { judgeBuild, readsClaim } from '../property/runner.ts';
import { findLost, formatRequests } from '../sampler/requests.ts';
import { formatSeed } from '../sampler/seed.ts';
import type { Candidate } from '../sampler/records.ts';
import type { Space } from '../space/schema.ts';
import { nameTree } from '../tree/open.ts';
import { type Toolchain, type Tree, usualMounts } from '../tree/records.ts';
import { InfraError, UserError } from '../util/errors.ts';
import { makeDirectory } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import { holdToken, type Jobserver } from '../util/jobserver.ts';
import { formatExit, lastLines } from '../util/process.ts';
import { confirmDecision, decideFault, decideJudgements, decideOutcome, type Decision } from '../verdict/decide.ts';
import { type KnownIssue, setKnownAside } from '../verdict/known.ts';
import type { Cost, Verdict } from '../verdict/records.ts';
import { buildOrBlame } from './build.ts';
import { PassStopped, type Recipe, runPasses, turnOff } from './passes.ts';
import { fullBytes, neededBytes, requireSound, requireSpace } from './sound.ts';

/** One candidate to check, from its requests to its verdict. Plain data. */
export type CheckTask = {
  tree: Tree;
  toolchain: Toolchain;
  space: Space;
  candidate: Candidate;
  /** Host directory of this candidate alone: objtrees and logs. Removed afterwards unless `keep`. */
  work: string;
  jobserver: Jobserver | null;
  timeoutMs: number;
  keep: boolean;
  /** kinfuzz's cache folder. */
  cache: string;
  /** One candidate in so many is resolved by the kernel's own conf too; failing and dropped ones always are. */
  certifyEvery: number;
  /** What to make beside the build for the properties that compare. */
  passes: PassName[];
  /** Known issues of this tree: what matches one is told, and fails nothing. */
  known: KnownIssue[];
  /** Ends after the resolution, with the verdict `passed` or `dropped` of the config alone. */
  onlyResolve?: boolean;
  /** Ends after the first build: nobody but a search, which confirms what it ends with, counts what fails once. */
  isTrial?: boolean;
};

/**
 * `ownConfig`: what our front end made of the candidate, where `conf` disagreed; `dependencies`: options that its Rust objects and
 * helpers depend on, where the build tells.
 */
export type CheckResult = { verdict: Verdict; config: string | null; ownConfig: string | null; dependencies: string[] };

export type Stage = 'waiting' | 'resolving' | 'building' | 'judging' | 'confirming' | PassName;

/** What a check needs beside its task; `mutant` puts a defect into the embedded pipeline, in tests. */
export type CheckContext = { properties: readonly Property[]; signal: AbortSignal; onStage: (stage: Stage) => void; mutant?: Mutant };

/**
 * Checks one candidate: resolve, build, judge; a failing one is built and judged twice.
 *
 * @throws UserError where the tree itself cannot be resolved
 */
export async function checkCandidate(task: CheckTask, context: CheckContext): Promise<CheckResult> {
  const { candidate } = task;
  const attempt: Attempt = { task, candidate, context, config: null, ownConfig: null, dependencies: [], resolution: 'trusted', writeTo: null, cost: { ...noCost } };
  let decision: Decision;
  let dropped: Verdict['dropped'] = [];
  try {
    await rm(task.work, { recursive: true, force: true });
    const ended = await inTurn(attempt, async () => {
      const resolved = await resolve(attempt);
      if (resolved !== null) return resolved;
      dropped = findLost(candidate.requested, parseConfig(attempt.config ?? ''));
      if (dropped.length > 0) {
        // That a request is lost is for conf to say.
        await certify(attempt);
        dropped = findLost(candidate.requested, parseConfig(attempt.config ?? ''));
      }
      if (dropped.length > 0) return decideFault('dropped', null);
      return task.onlyResolve ? decideFault('passed', null) : buildAndJudge(attempt);
    });
    if (ended.verdict === 'failed' || ended.verdict === 'dropped') await requireSound({ ...task, signal: context.signal });
    decision = ended;
  } catch (error) {
    // The tree's own mistake, such as a Kconfig file that nobody can read, ends the run: no candidate could do better.
    if (error instanceof UserError && !context.signal.aborted) throw error;
    decision = decideThrown(error, context.signal);
  }
  if (!task.keep) await rm(task.work, { recursive: true, force: true }).catch(() => null);
  return { verdict: writeVerdict(attempt, decision, dropped), config: attempt.config, ownConfig: attempt.ownConfig, dependencies: attempt.dependencies };
}

type Attempt = {
  task: CheckTask;
  candidate: Candidate;
  context: CheckContext;
  config: string | null;
  ownConfig: string | null;
  dependencies: string[];
  resolution: Verdict['resolution'];
  /** Fills an objtree with the configuration and all that `syncconfig` would write; null where make has to. */
  writeTo: ((objtree: string) => void) | null;
  cost: Cost;
};

const noCost: Cost = { resolveMs: 0, buildMs: 0, judgeMs: 0, confirmMs: 0, twinMs: 0, againMs: 0, incrementalMs: 0, cleanMs: 0 };

function inTurn<T>({ task, context }: Attempt, run: () => Promise<T>): Promise<T> {
  context.onStage('waiting');
  return task.jobserver === null ? run() : holdToken(task.jobserver, context.signal, run);
}

/**
 * Resolves the candidate into `attempt.config`: our front end proposes, and `conf` certifies one candidate in so many;
 * a decision only where that is impossible.
 */
async function resolve(attempt: Attempt): Promise<Decision | null> {
  const { task, candidate, context, cost } = attempt;
  context.onStage('resolving');
  await makeObjtree(task, 'obj');
  const started = performance.now();
  const own = await resolveOurselves(task, candidate.arch, formatRequests(candidate), context.signal);
  attempt.config = own.config;
  attempt.writeTo = own.writeTo;
  const failed = candidate.index % task.certifyEvery === 0 ? await askJudge(attempt) : null;
  cost.resolveMs = Math.round(performance.now() - started);
  return failed;
}

/**
 * Has `conf` resolve the candidate; where it disagrees, it is asked once more, since a probe that was killed answers "no" like any
 * other. Then its configuration is the one that counts.
 */
async function askJudge(attempt: Attempt): Promise<Decision | null> {
  const first = await resolveByJudge(attempt, 'certify');
  if (first.decision !== null) return first.decision;
  attempt.resolution = first.config === attempt.config ? 'certified' : 'front-end-mismatch';
  if (attempt.resolution === 'certified') return null;
  const second = await resolveByJudge(attempt, 'certify-again');
  if (second.decision !== null) return second.decision;
  if (second.config !== first.config) throw new InfraError('CONF_UNSTEADY', 'conf was asked twice and made two configurations of one candidate');
  attempt.ownConfig = attempt.config;
  attempt.config = second.config;
  attempt.writeTo = null;
  return null;
}

async function resolveByJudge({ task, candidate, context }: Attempt, name: string): Promise<{ config: string; decision: null } | { config: null; decision: Decision }> {
  const objtree = await makeObjtree(task, name);
  const resolution = await resolveConfig({
    tree: task.tree,
    toolchain: task.toolchain,
    arch: candidate.arch,
    fragment: formatRequests(candidate),
    objtree,
    timeoutMs: task.timeoutMs,
    signal: context.signal,
  });
  if (resolution.kind === 'failed') return { config: null, decision: decideUnresolved(resolution) };
  await requireSpace(objtree, fullBytes);
  return { config: resolution.config, decision: null };
}

/** Whether the configuration stands: `conf` has been asked, and it agreed. */
async function certify(attempt: Attempt): Promise<boolean> {
  if (attempt.resolution === 'trusted') {
    const failed = await askJudge(attempt);
    if (failed !== null) throw new InfraError(failed.fault?.code ?? 'CONF_FAILED', failed.fault?.message ?? 'conf failed');
  }
  return attempt.resolution === 'certified';
}

/** The kernel's conf fails on the tree's own mistakes or the machine's, never on those of a candidate. */
function decideUnresolved({ exit, log }: Extract<Resolution, { kind: 'failed' }>): Decision {
  if (exit.kind === 'timed-out') return decideFault('timed-out', { code: 'TIME_LIMIT', message: 'conf was stopped by the time limit' });
  const fault = findInfraFault(log) ?? { code: 'CONF_FAILED', message: `conf ${formatExit(exit)}: ${lastLines(log, 5)}` };
  return decideFault('infra-error', fault);
}

async function buildAndJudge(attempt: Attempt): Promise<Decision> {
  const { task, context, cost } = attempt;
  const first = await buildWithHostParts(attempt, join(task.work, 'obj'));
  cost.buildMs = first.build.ms;
  if (first.decision !== null) return first.decision;
  attempt.dependencies = await listDependencies(first.build);
  const judged = await passAndJudge(attempt, first.build, { names: task.passes, prefix: '' });
  if (judged.verdict !== 'failed' || task.isTrial) return judged;
  const wasAsked = attempt.resolution !== 'trusted';
  if (!(await certify(attempt)) && !wasAsked) {
    return decideFault('infra-error', { code: 'FRONT_END_MISMATCH', message: 'the configuration that failed is not what conf makes of the candidate: nothing is known of that one' });
  }
  context.onStage('confirming');
  const started = performance.now();
  const second = await build(attempt, await makeObjtree(task, 'confirm'));
  const names = passesOf(judged, attempt);
  const decision = confirmDecision(judged, second.decision ?? (await passAndJudge(attempt, second.build, { names, prefix: 'confirm-' })));
  cost.confirmMs = Math.round(performance.now() - started);
  return decision;
}

/** Bindings depend on every option there is, which tells nothing. */
async function listDependencies({ objtree, artifacts }: Build): Promise<string[]> {
  const paths = artifacts.filter(({ kind, path }) => (kind === 'rust-object' || kind === 'helper-bitcode') && !/\/(?:bindings|uapi)\.o$/.test(path)).map(({ path }) => path);
  return [...(await readDependencies(objtree, paths))].sort();
}

/** Passes that the failures were told by: what the others would show is not asked again. Any may have left a file unreadable. */
function passesOf({ failures }: Decision, { task, context: { properties } }: Attempt): PassName[] {
  if (failures.some(({ property }) => property === readsClaim)) return task.passes;
  const needed = new Set(properties.filter(({ name }) => failures.some(({ property }) => property === name)).map(({ needs }) => needs));
  return passNames.filter((name) => needed.has(name));
}

/** A first build may take what builds of all configurations share; one that confirms may not. */
async function buildWithHostParts(attempt: Attempt, objtree: string): ReturnType<typeof build> {
  const { task: { cache, tree, toolchain }, candidate, context: { signal } } = attempt;
  const store = placeHostParts(cache, tree, toolchain, candidate.arch);
  if (store === null) return build(attempt, objtree);
  const parts = { store, objtree, toolchain, signal };
  await seedHostParts(parts);
  const first = await build(attempt, objtree);
  if (first.build.outcome.kind === 'succeeded') await keepHostParts(parts);
  return first;
}

async function build(attempt: Attempt, objtree: string): Promise<{ build: Build; decision: Decision | null }> {
  attempt.context.onStage('building');
  if (attempt.task.tree.kind === 'kernel') attempt.writeTo?.(objtree);
  const made = await buildOrBlame(requestOf(attempt, objtree));
  return { build: made, decision: decideOutcome(made.outcome) };
}

function requestOf({ task, candidate, context, config }: Attempt, objtree: string): BuildRequest {
  return {
    tree: task.tree,
    toolchain: task.toolchain,
    arch: candidate.arch,
    config: config ?? '',
    objtree,
    mounts: usualMounts,
    targets: task.space.targets,
    jobserver: task.jobserver,
    timeoutMs: task.timeoutMs,
    signal: context.signal,
    mutant: context.mutant ?? null,
  };
}

/** The objtrees of passes that confirm have a `prefix`; they are made from nothing, and `conf` resolves for them. */
async function passAndJudge(attempt: Attempt, made: Build, { names, prefix }: { names: readonly PassName[]; prefix: string }): Promise<Decision> {
  const { task, context, cost, config, writeTo } = attempt;
  const isClean = prefix !== '';
  const onPass = (name: PassName, ms: number | null) => {
    if (ms === null) context.onStage(name);
    else if (!isClean) cost[`${name}Ms`] = ms;
  };
  try {
    const passes = await runPasses(made, {
      names, isClean, onPass,
      request: requestOf(attempt, made.objtree),
      on: { config: config ?? '', writeTo },
      off: () => (isClean ? certifyOff(attempt) : resolveOff(attempt)),
      makeObjtree: (name) => makeObjtree(task, `${prefix}${name}`),
    });
    return await judge(attempt, made, passes);
  } catch (error) {
    const decision = error instanceof PassStopped ? decideOutcome(error.outcome) : null;
    if (decision === null) throw error;
    // What the build alone shows is not lost with the pass.
    const judged = await judge(attempt, made, {});
    return judged.verdict === 'failed' ? judged : decision;
  }
}

/** The candidate's configuration with the option off, and nothing else asked for. */
async function resolveOff(attempt: Attempt): Promise<Recipe> {
  const { task, candidate, context } = attempt;
  // What conf made of the candidate is not for our front end to go on with.
  if (attempt.writeTo === null) return certifyOff(attempt);
  return resolveOurselves(task, candidate.arch, turnOff(attempt.config ?? ''), context.signal);
}

async function certifyOff({ task, candidate, context, config }: Attempt): Promise<Recipe> {
  const objtree = await makeObjtree(task, 'certify-off');
  const resolution = await resolveConfig({ tree: task.tree, toolchain: task.toolchain, arch: candidate.arch, fragment: turnOff(config ?? ''), objtree, timeoutMs: task.timeoutMs, signal: context.signal });
  if (resolution.kind === 'resolved') return { config: resolution.config, writeTo: null };
  const { fault } = decideUnresolved(resolution);
  throw new InfraError(fault?.code ?? 'CONF_FAILED', fault?.message ?? 'conf failed');
}

async function judge({ task, context, cost }: Attempt, made: Build, passes: PassResults): Promise<Decision> {
  context.onStage('judging');
  const started = performance.now();
  const artifacts = openArtifacts(made, task.toolchain, context.signal);
  const wanted = context.properties.filter(({ name }) => task.space.properties?.includes(name) ?? true);
  const judged = decideJudgements(await judgeBuild(wanted, { build: made, artifacts, passes }));
  const decision = setKnownAside(judged, task.known, made.arch);
  cost.judgeMs += Math.round(performance.now() - started);
  return decision;
}

async function makeObjtree(task: CheckTask, name: string): Promise<string> {
  const objtree = join(task.work, name);
  await makeDirectory(objtree);
  await requireSpace(objtree, neededBytes);
  return objtree;
}

/** The verdict on a candidate whose worker was lost: it ended without a word. */
export function judgeLost(task: CheckTask, fault: { code: string; message: string }): Verdict {
  const { candidate } = task;
  return writeVerdict({ task, candidate, config: null, resolution: 'trusted', cost: { ...noCost } }, decideFault('infra-error', fault), []);
}

function decideThrown(error: unknown, signal: AbortSignal): Decision {
  if (signal.aborted) return decideFault('infra-error', { code: 'CANCELLED', message: 'the run was stopped' });
  if (error instanceof InfraError) return decideFault('infra-error', { code: error.code, message: error.message });
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'INTERNAL';
  const known = { ENOSPC: 'DISK_FULL', EDQUOT: 'DISK_FULL', EROFS: 'READ_ONLY', EMFILE: 'IO_ERROR', ENOMEM: 'OUT_OF_MEMORY' }[code];
  const message = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error);
  return decideFault('infra-error', { code: known ?? code, message });
}

function writeVerdict({ task, candidate, config, resolution, cost }: Pick<Attempt, 'task' | 'candidate' | 'config' | 'resolution' | 'cost'>, decision: Decision, dropped: Verdict['dropped']): Verdict {
  const hash = config === null ? '' : hashText(config);
  return {
    kind: 'verdict',
    index: candidate.index,
    seed: candidate.replays ?? formatSeed({
      space: { name: task.space.space, hash: task.space.hash },
      tree: { name: nameTree(task.tree), fingerprint: task.tree.fingerprint },
      toolchain: { kind: task.toolchain.kind, fingerprint: task.toolchain.fingerprint },
      runSeed: candidate.runSeed,
      cover: candidate.cover,
      index: candidate.index,
      config: hash === '' ? '00000000' : hash,
    }),
    arch: candidate.arch,
    config: hash,
    inline: config !== null && valueOf(parseConfig(config), 'RUST_INLINE_HELPERS') === 'y',
    ...decision,
    resolution,
    dropped,
    choices: candidate.choices,
    passes: task.passes,
    cost,
  };
}
