import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { runCampaign } from '../../campaign/run.ts';
import { createJournal, type Journal, openJournal, type RunMeta } from '../../engine/journal.ts';
import { openLocalEngine } from '../../engine/local.ts';
import { countVerdicts, formatSummary } from '../../report/text.ts';
import type { Arch } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { collectArches, commandName, defaultJobs, parseCount, parseDuration, places, readSetUp } from '../options.ts';
import { chooseProgress, type Progress, withProgress } from '../progress.ts';
import { openSession, openWorkshop, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { addBuildOptions, type BuildOptions } from './shared.ts';

type FuzzOptions = BuildOptions & {
  tree: string;
  toolchain: ToolchainChoice;
  space: string;
  seed?: number;
  runs?: number;
  time?: number;
  arch?: Arch[];
  jobs?: number;
  resume?: string;
  json?: boolean;
};

/** How many candidates a run has when nothing says so. */
const defaultRuns = 12;

export function addFuzz(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('fuzz', { isDefault: false })
    .description('build random valid configs of a tree and judge what comes out')
    .option('--tree <tree>', 'embedded, debian:linux-source-7.3, debian:linux-source-7.2, or a directory', 'embedded')
    .option('--space <space>', 'a space of corpus/spaces, or a .yaml file', 'inline-helpers')
    .option('--seed <number>', 'seed of the run (random where left out)', parseCount(0))
    .option('--runs <number>', `how many candidates (default: ${defaultRuns}, or as many as --time allows)`, parseCount(1))
    .option('--time <duration>', 'begin no candidate after this time: 90s, 10m, 8h', parseDuration)
    .option('--arch <arch>', 'only these architectures: x86_64, arm64, um', collectArches)
    .option('--jobs <number>', 'candidates at once (default: from processors and memory)', parseCount(1, 256))
    .option('--resume <run>', 'go on with an earlier run: its folder')
    .option('--json', 'one JSON record a line on standard output, nothing else there');
  addBuildOptions(command, toolchainChoices).action(async (options: FuzzOptions) => finish(await fuzz(options)));
}

async function fuzz(options: FuzzOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const started = Date.now();
  const kind = chooseProgress(options.json ?? false);
  const out = resolve(options.out);
  const earlier = options.resume === undefined ? null : openJournal(resolve(options.resume));
  const whole = completeOptions(options, earlier);
  const outcome = await withProgress(kind, whole.runs, async (progress) => {
    const setUp = readSetUp(options, progress.say, signal);
    const session = await openSession(setUp, { tree: whole.tree, toolchain: whole.toolchain, space: options.space, isSandboxed: options.sandbox });
    const meta = metaOf(session, whole);
    const journal = earlier ?? (await createJournal(join(out, `${timestamp(started)}-${whole.runSeed}`), meta));
    if (earlier !== null) requireSame(earlier.meta, meta);
    return { journal, session, ...(await run(options, whole, { session, journal, progress, signal, started, setUp })) };
  }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (outcome === null) return exitCodes.stopped;
  return tellEnd(outcome, { isJson: options.json ?? false, isStopped: signal.aborted, ms: Date.now() - started, isSandboxed: options.sandbox });
}

type Whole = { tree: string; toolchain: ToolchainChoice; runSeed: number; runs: number | null; arches: Arch[] | null };

/** A resumed run keeps its own tree, toolchain, seed and architectures; only its length may be given anew. */
function completeOptions(options: FuzzOptions, earlier: Journal | null): Whole {
  const runs = options.runs ?? (options.time === undefined ? (earlier?.meta.runs ?? defaultRuns) : null);
  if (earlier !== null) {
    const { tree, toolchain, runSeed, arches } = earlier.meta;
    return { tree: tree.spec, toolchain: toolchain.kind as ToolchainChoice, runSeed, runs, arches: arches as Arch[] | null };
  }
  return { tree: options.tree, toolchain: options.toolchain, runSeed: options.seed ?? randomInt(1, 1_000_000), runs, arches: options.arch ?? null };
}

function metaOf({ open, toolchain, loaded }: Session, whole: Whole): RunMeta {
  return {
    space: { name: loaded.space.space, hash: loaded.space.hash },
    tree: { spec: open.tree.spec, fingerprint: open.tree.fingerprint },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    runSeed: whole.runSeed,
    arches: whole.arches,
    runs: whole.runs,
  };
}

function requireSame(earlier: RunMeta, now: RunMeta): void {
  const differences = [
    earlier.space.hash !== now.space.hash && `the space ${now.space.name} has changed`,
    earlier.tree.fingerprint !== now.tree.fingerprint && `the tree ${now.tree.spec} has changed`,
    earlier.toolchain.fingerprint !== now.toolchain.fingerprint && `the ${now.toolchain.kind} toolchain has changed`,
  ].filter((difference) => difference !== false);
  if (differences.length === 0) return;
  throw new UserError({ code: 'RUN_CHANGED', message: `this run cannot go on: ${differences.join('; ')}`, hint: 'start a new run' });
}

type Surroundings = { session: Session; journal: Journal; progress: Progress; signal: AbortSignal; started: number; setUp: ReturnType<typeof readSetUp> };

async function run(options: FuzzOptions, whole: Whole, { session, journal, progress, signal, started, setUp }: Surroundings) {
  const { open, toolchain, loaded } = session;
  const jobs = Math.min(options.jobs ?? defaultJobs(open.tree.kind), whole.runs ?? Infinity);
  progress.say(`run ${journal.directory}: seed ${whole.runSeed}, space ${loaded.space.space}, tree ${open.tree.spec}${open.tree.version ? ` (${open.tree.version})` : ''}, toolchain ${toolchain.kind}, ${jobs} at once${options.sandbox ? '' : ', NOT sandboxed'}`);
  const workshop = await openWorkshop(setUp, `${process.pid}-${whole.runSeed}`, toolchain, open.tree.kind);
  const engine = openLocalEngine({ jobs, propertyDirectory: places.properties });
  let fault: unknown = null;
  try {
    await runCampaign({
      open, toolchain, space: loaded.space, runSeed: whole.runSeed, runs: whole.runs, arches: whole.arches,
      work: workshop.work, timeoutMs: options.timeout, keep: options.keep ?? false, journal, engine, jobserver: workshop.jobserver,
      isTimeUp: () => options.time !== undefined && Date.now() - started >= options.time,
      signal, onStage: progress.stage, onVerdict: progress.verdict,
    });
  } catch (error) {
    // What was judged before is told all the same.
    fault = error;
  } finally {
    await engine.close();
    await workshop.close(options.keep ?? false);
  }
  return { fault };
}

type Outcome = { journal: Journal; session: Session; fault: unknown };

function tellEnd({ journal, session, fault }: Outcome, how: { isJson: boolean; isStopped: boolean; ms: number; isSandboxed: boolean }): number {
  const verdicts = journal.verdicts();
  const code = how.isStopped ? exitCodes.stopped : exitCodeOf(verdicts);
  const out = how.isJson ? process.stderr : process.stdout;
  const unsafe = how.isSandboxed ? '' : '\nnot sandboxed: what the tree ran could reach the whole machine';
  out.write(`\n${formatSummary(verdicts, commandName)}${unsafe}\n${how.isStopped ? 'stopped; go on with: ' : 'journal: '}${how.isStopped ? `${commandName} fuzz --resume ${journal.directory}` : journal.directory}\n`);
  if (how.isJson) {
    const { meta, directory } = journal;
    process.stdout.write(`${JSON.stringify({ kind: 'run', directory, ...meta, counts: countVerdicts(verdicts), version: session.open.tree.version, isSandboxed: how.isSandboxed, isStopped: how.isStopped, exitCode: fault === null ? code : null, ms: how.ms })}\n`);
  }
  journal.close();
  if (fault !== null && !how.isStopped) throw fault;
  return code;
}

/** `20261122-090205`, in UTC. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
