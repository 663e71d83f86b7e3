import { randomInt } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { collectJudged, readEarlier } from '../../campaign/earlier.ts';
import { placeFinding } from '../../campaign/findings.ts';
import type { Search } from '../../campaign/minimize-run.ts';
import { createJournal, type Journal, openJournal, type RunMeta } from '../../engine/journal.ts';
import type { PassName } from '../../property/contract.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatMinimized } from '../../report/minimized.ts';
import { formatReplays, type ReplayedCase } from '../../report/replay.ts';
import { countVerdicts, formatCoverage, formatSummary } from '../../report/text.ts';
import { reportCoverage } from '../../sampler/coverage.ts';
import type { Cover } from '../../sampler/records.ts';
import type { Sampler } from '../../sampler/sampler.ts';
import { loadSpace } from '../../space/load.ts';
import type { Arch } from '../../tree/records.ts';
import type { ToolchainChoice } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import type { KnownIssue } from '../../verdict/known.ts';
import type { Verdict } from '../../verdict/records.ts';
import { exitCodeOf, exitCodes, reportError } from '../exit-codes.ts';
import { commandName, defaultJobs, parseCount, parseDuration, places, readSetUp } from '../options.ts';
import { checkRun, describeRun, findCauses, formatGoOn, readKnown, withPlace } from '../place.ts';
import { chooseProgress, type Progress, withProgress } from '../progress.ts';
import { requireWritable, timestamp } from '../run-folder.ts';
import { openCorpus, planCorpus } from '../run-corpus.ts';
import { metaOf, openSession, openSessionSampler, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { defaultGateRuns, fuzzGates, type GateOptions, refuseResume } from './gates.ts';
import { addBuildOptions, addSpaceOptions, type BuildOptions, type SpaceOptions } from './shared.ts';

type FuzzOptions = BuildOptions & SpaceOptions & {
  seed?: number;
  runs?: number;
  time?: number;
  jobs?: number;
  certify: number;
  resume?: string;
  known: string;
  minimize: MinimizeWhen;
  corpus?: string;
  json?: boolean;
};

/** `auto`: what no case of the corpus has yet, about as long as the run has taken; else everything, for milliseconds. */
type MinimizeWhen = 'off' | 'auto' | number;

/** What `auto` takes at least, of a run of a few seconds, and at most, so that nobody waits a day for a run that was given eight hours. */
const [leastAutoMs, mostAutoMs] = [300_000, 3_600_000];

/** How many candidates a run has when nothing says so. */
const defaultRuns = 12;

export function addFuzz(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('fuzz', { isDefault: false })
    .description('build random valid configs of a tree and judge what comes out')
    .option('--seed <number>', 'seed of the run (random where left out; 1 with --cover, which goes on where earlier runs stopped)', parseCount(0))
    .option('--runs <number>', `how many candidates (default: ${defaultRuns}, or as many as --time allows; ${defaultGateRuns} where nothing is built)`, parseCount(1))
    .option('--time <duration>', 'begin no candidate after this time: 90s, 10m, 8h', parseDuration)
    .option('--jobs <number>', 'candidates at once (default: from processors and memory)', parseCount(1, 256))
    .option('--certify <n>', "resolve one candidate in n by the kernel's own conf too (failing ones always)", parseCount(1), 10)
    .option('--resume <run>', 'go on with an earlier run: its folder')
    .option('--known <file>', 'known issues: what they explain is told, and fails nothing; none: everything fails', places.knownIssues)
    .option('--minimize <budget>', 'how long to look for the causes of failures afterwards: off, a duration for all of them, or auto: for new ones, as long as the run has taken, but five minutes at least and an hour at most', parseMinimize, 'auto')
    .option('--corpus <directory>', 'replay its cases first, and add what is found to it')
    .option('--json', 'one JSON record a line on standard output, nothing else there');
  addBuildOptions(addSpaceOptions(command)).action(async (options: FuzzOptions) => {
    refuseWithResume(command, options);
    finish(await fuzz(options));
  });
}

function parseMinimize(text: string): MinimizeWhen {
  return text === 'off' || text === 'auto' ? text : parseDuration(text);
}

/** A resumed run keeps what it is a run of. */
function refuseWithResume(command: Command, options: FuzzOptions): void {
  if (options.resume === undefined) return;
  for (const name of ['tree', 'toolchain', 'space', 'seed', 'cover', 'arch', 'out', 'passes', 'corpus']) {
    if (command.getOptionValueSource(name) === 'cli') command.error(`error: --${name} cannot go with --resume: the run keeps its own`);
  }
}

async function fuzz(options: FuzzOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const started = Date.now();
  const kind = chooseProgress(options.json ?? false);
  const out = resolve(options.out);
  await loadProperties(places.properties);
  const earlier = options.resume === undefined ? null : openJournal(resolve(options.resume));
  const whole = completeOptions(options, earlier);
  if ((await loadSpace(whole.space, places.spaces)).space.depth === 'config') {
    return earlier === null ? fuzzGates(completeGateOptions(options, whole), signal) : refuseResume(earlier);
  }
  if (earlier === null) await requireWritable(out);
  const outcome = await withProgress(kind, whole.runs, async (progress) => {
    const setUp = readSetUp(options, progress.say, signal);
    const session = await openSession(setUp, { tree: whole.tree, toolchain: whole.toolchain, space: whole.space, isSandboxed: options.sandbox, passes: whole.passes });
    const sampler = await openSessionSampler(session, setUp, whole.cover === 0 ? whole.arches : null);
    const properties = await loadProperties(places.properties);
    const meta = { ...metaOf(session, { ...whole, source: whole.space }), ...(earlier === null ? await planCorpus(options.corpus, whole.arches, properties) : {}) };
    const known = await readKnown(options.known, { version: session.open.tree.version, today: new Date().toISOString().slice(0, 10) }, progress.say);
    const journal = earlier ?? (await createJournal(join(out, `${timestamp(started)}-${whole.runSeed}`), meta));
    if (earlier !== null) requireSame(earlier.meta, meta);
    return { journal, session, sampler, ...(await run(options, whole, { session, sampler, journal, known, progress, signal, setUp })) };
  }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (outcome === null) return exitCodes.stopped;
  return tellEnd(outcome, { isJson: options.json ?? false, isStopped: signal.aborted, ms: Date.now() - started, isSandboxed: options.sandbox });
}

type Whole = { space: string; tree: string; toolchain: ToolchainChoice; runSeed: number; cover: Cover; runs: number | null; arches: Arch[] | null; passes: PassName[] };

/** A resumed run keeps its own tree, toolchain, seed and architectures; only its length may be given anew. */
function completeOptions(options: FuzzOptions, earlier: Journal | null): Whole {
  if (earlier !== null) {
    const { space, tree, toolchain, runSeed, cover, arches, passes } = earlier.meta;
    const runs = options.runs ?? (options.time === undefined ? earlier.meta.runs : null);
    if (runs === null && options.time === undefined && cover === 0) {
      throw new UserError({ code: 'RUN_OPEN', message: 'this run had a time to fill, not a number of candidates', hint: 'say how long it goes on: --time 10m, or --runs N in all' });
    }
    return { space: space.source, tree: tree.spec, toolchain: toolchain.kind as ToolchainChoice, runSeed, cover, runs, arches: arches as Arch[] | null, passes };
  }
  const runs = options.runs ?? (options.time === undefined && options.cover === undefined ? defaultRuns : null);
  return { space: options.space, tree: options.tree, toolchain: options.toolchain, runSeed: options.seed ?? (options.cover === undefined ? randomInt(1, 1_000_000) : 1), cover: options.cover ?? 0, runs, arches: options.arch ?? null, passes: options.passes };
}

/** What is not built takes no time to build. @throws UserError `COVER_CONFIG`, `CORPUS_CONFIG` */
function completeGateOptions({ corpus, runs, time, timeout, out, mirror, sandbox, json }: FuzzOptions, { space, tree, toolchain, runSeed, cover, arches }: Whole): GateOptions {
  if (cover !== 0) throw new UserError({ code: 'COVER_CONFIG', message: `--cover is for candidates that are built, and those of ${space} are not`, hint: 'leave it out: there are enough of them' });
  if (corpus !== undefined) throw new UserError({ code: 'CORPUS_CONFIG', message: `--corpus is for candidates that are built, and those of ${space} are not`, hint: 'leave it out' });
  return {
    space, tree, toolchain, runSeed, arches, out, timeoutMs: timeout, timeMs: time ?? null, mirror: mirror ?? null, isSandboxed: sandbox, isJson: json ?? false,
    runs: runs ?? (time === undefined ? defaultGateRuns : null),
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

type Surroundings = { session: Session; sampler: Sampler; journal: Journal; known: KnownIssue[]; progress: Progress; signal: AbortSignal; setUp: ReturnType<typeof readSetUp> };

async function run(options: FuzzOptions, whole: Whole, { session, sampler, journal, known, progress, signal, setUp }: Surroundings) {
  const { open } = session;
  // Installing is not part of the time that a run is given.
  const started = Date.now();
  const jobs = Math.min(options.jobs ?? defaultJobs(open.tree.kind), (whole.runs ?? Infinity) + (journal.meta.corpus?.replays.length ?? 0));
  progress.say(describeRun({ session, jobs }, journal, options.sandbox));
  const earlier = whole.cover === 0 ? { verdicts: [], runs: 0 } : await readEarlier(dirname(journal.directory), journal.meta, journal.directory);
  if (earlier.runs > 0) progress.say(`goes on after ${earlier.runs} earlier runs of the same space, tree and toolchain`);
  const corpus = await openCorpus(session, { journal, sampler, setUp, properties: await loadProperties(places.properties) });
  if (corpus !== null) progress.say(`corpus ${journal.meta.corpus?.directory}: ${corpus.replays.length} cases first`);
  const minimized: Search[] = [];
  const fault = await withPlace({ session, setUp, progress, name: String(whole.runSeed), jobs, timeoutMs: options.timeout, keep: options.keep ?? false }, async (place) => {
    try {
      await checkRun(place, {
        journal, sampler, corpus, reruns: [], earlier: earlier.verdicts, runs: whole.runs, certifyEvery: options.certify, known, signal, onVerdict: progress.verdict,
        isTimeUp: () => options.time !== undefined && Date.now() - started >= options.time,
      });
      const isAuto = options.minimize === 'auto';
      const budget = options.minimize === 'auto' ? Math.min(Math.max(spentMs(journal.verdicts()) / jobs, leastAutoMs), mostAutoMs) : options.minimize;
      if (budget !== 'off' && !signal.aborted) minimized.push(...(await findCauses(place, { journal: isAuto ? withoutRemembered(journal) : journal, corpus, out: dirname(journal.directory), budgetMs: budget, signal })));
      for (const { finding } of minimized) if (finding !== null) await corpus?.remembering.minimized(finding);
    } catch (error) {
      // What was judged before is told all the same.
      return error;
    } finally {
      if (options.keep) progress.say(`objtrees: ${place.workshop.work}/INDEX/obj`);
    }
    return null;
  });
  return { fault, earlier: earlier.verdicts, known, minimized, replayed: (await corpus?.outcomes()) ?? [] };
}

/** Of all sittings. */
function spentMs(verdicts: readonly Verdict[]): number {
  return verdicts.flatMap(({ cost }) => Object.values(cost)).reduce((sum, ms) => sum + ms, 0);
}

/** A journal less the failures that cases of the corpus are about: these were looked into when they were found, but for what had been mended. */
function withoutRemembered(journal: Journal): Pick<Journal, 'verdicts' | 'config'> {
  const remembered = new Set(journal.meta.corpus?.replays.flatMap((replay) => (replay.case.state === 'fixed' ? [] : [replay.case.signature])));
  const verdicts = () => journal.verdicts().map((verdict) => ({ ...verdict, failures: verdict.failures.filter(({ signature }) => !remembered.has(signature)) }));
  return { verdicts, config: (hash) => journal.config(hash) };
}

type Outcome = { journal: Journal; session: Session; sampler: Sampler; fault: unknown; earlier: readonly Verdict[]; known: readonly KnownIssue[]; minimized: readonly Search[]; replayed: readonly ReplayedCase[] };

function tellEnd({ journal, session, sampler, fault, earlier, known, minimized, replayed }: Outcome, how: { isJson: boolean; isStopped: boolean; ms: number; isSandboxed: boolean }): number {
  const verdicts = journal.verdicts();
  const { cover, arches } = journal.meta;
  const coverage = cover === 0 ? [] : reportCoverage(sampler, cover, collectJudged([...earlier, ...verdicts]), arches as Arch[] | null);
  const isCovered = coverage.length > 0 && coverage.every(({ left }) => left === 0);
  const code = verdicts.length === 0 && isCovered && fault === null ? exitCodes.clean : decideExit(verdicts, fault, how.isStopped);
  const out = how.isJson ? process.stderr : process.stdout;
  const unsafe = how.isSandboxed ? '' : '\nnot sandboxed: what the tree ran could reach the whole machine';
  out.write(`\n${formatSummary(verdicts, commandName, { issues: known, folderOf: (signature) => placeFinding(journal.directory, signature), configOf: (hash) => journal.config(hash), space: journal.meta.space.source })}${minimized.map((search) => formatSearch(search, journal)).join('')}${formatCoverage(coverage)}${formatReplays(replayed)}${unsafe}\n${how.isStopped ? 'stopped; go on with: ' : 'journal: '}${how.isStopped ? `${commandName} fuzz --resume ${journal.directory}` : journal.directory}\n`);
  if (how.isJson) {
    for (const { finding } of minimized) if (finding !== null) process.stdout.write(`${JSON.stringify(finding)}\n`);
    for (const { one, lost, outcome } of replayed) process.stdout.write(`${JSON.stringify({ kind: 'replay', case: one.name, outcome, lost })}\n`);
    const { meta: { corpus, ...meta }, directory } = journal;
    process.stdout.write(`${JSON.stringify({ kind: 'run', directory, ...meta, corpus: corpus?.directory ?? null, counts: countVerdicts(verdicts), coverage, version: session.open.tree.version, isSandboxed: how.isSandboxed, isStopped: how.isStopped, exitCode: code, ms: how.ms })}\n`);
  }
  journal.close();
  if (fault !== null && !how.isStopped) reportError(fault);
  else if (!how.isStopped && verdicts.length === 0) process.stderr.write(`kinfuzz: nothing was judged: ${isCovered ? 'earlier runs have covered all that can be' : 'the time was up before the first candidate'}\n`);
  return code;
}

function formatSearch(search: Search, { meta: { space }, directory }: Pick<Journal, 'meta' | 'directory'>): string {
  if (search.finding !== null) return `\n\n${formatMinimized(search.finding)}`;
  return `\n\nnot minimized: ${search.signature}; go on with: ${formatGoOn(search, { space: space.source, out: dirname(directory) })}`;
}

/** Findings first: that the run also ended early does not take them back. */
function decideExit(verdicts: readonly Verdict[], fault: unknown, isStopped: boolean): number {
  if (verdicts.some(({ verdict }) => verdict === 'failed')) return exitCodes.findings;
  if (isStopped) return exitCodes.stopped;
  if (fault !== null) return fault instanceof UserError ? exitCodes.user : exitCodes.infra;
  return exitCodeOf(verdicts);
}
