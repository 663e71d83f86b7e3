import { join, relative } from 'node:path';
import { collectJudged } from '../campaign/earlier.ts';
import { type Baseline, endNight, findLastNight, findUnfinished, listRotten, type Night, type NightPlan, openNight, openPhase, readBaseline, readUntold, removeNight } from '../campaign/night.ts';
import type { Search } from '../campaign/minimize-run.ts';
import { judgeReplayed, judgeReruns, listReruns, type Rerun } from '../campaign/replays.ts';
import { loadCases } from '../corpus/cases.ts';
import { type CoverKey, openHistory } from '../engine/history.ts';
import type { Journal, RunMeta } from '../engine/journal.ts';
import type { PassName } from '../property/contract.ts';
import { loadProperties } from '../property/runner.ts';
import { formatNight, type NightReport, type RunPhase, runPhases } from '../report/nightly.ts';
import { countVerdicts } from '../report/text.ts';
import { reportCoverage } from '../sampler/coverage.ts';
import type { Sampler } from '../sampler/sampler.ts';
import { compareReach, measureReach } from '../sampler/shift.ts';
import type { SetUp } from '../tree/cache.ts';
import type { Arch } from '../tree/records.ts';
import { usedBytes } from '../util/disk.ts';
import { InfraError, UserError } from '../util/errors.ts';
import { deriveSeed } from '../util/hash.ts';
import { compareNights, decideNight, type NightFinding, type NightOutcome } from '../verdict/night.ts';
import { countMissed, type KnownIssue } from '../verdict/known.ts';
import type { Verdict } from '../verdict/records.ts';
import { exitCodes } from './exit-codes.ts';
import { NightBudget } from './night-budget.ts';
import type { NightLog } from './night-log.ts';
import { defaultJobs, places } from './options.ts';
import { checkRun, describeRun, findCauses, formatGoOn, type Judged, readKnown, type RunPlace, withPlace } from './place.ts';
import { type OpenCorpus, openCorpus, planCorpus } from './run-corpus.ts';
import { timestamp } from './run-folder.ts';
import { metaOf, type Session } from './session.ts';

/** A night, made whole at the command line. `runs`, `mostBytes`: null where nothing limits them; `corpus`: where there is none. */
export type NightOptions = {
  out: string;
  baseline: string | null;
  corpus: string | null;
  known: string;
  spaceSource: string;
  arches: Arch[] | null;
  cover: 2 | 3;
  passes: PassName[];
  seed: number;
  runs: number | null;
  jobs: number | null;
  certify: number;
  timeoutMs: number;
  mostMs: number;
  mostBytes: number | null;
  mostOfAKind: number;
  /** How many to keep. */
  nights: number;
  /** Whether to begin a night where there is none to go on with. */
  mayBegin: boolean;
  keep: boolean;
  isSandboxed: boolean;
  isJson: boolean;
};

export type NightSurroundings = { log: NightLog; setUp: SetUp; session: Session; sampler: Sampler; signal: AbortSignal };

/** What part of the night known cases may take, and what part is held back where there is something to minimize. */
const share = 1 / 4;

/** What a candidate may have on disk at once, until more has been seen. */
const objtreeBytes = { embedded: 16 * 1024 ** 2, kernel: 1024 ** 3 };

const exitOf: Record<NightOutcome, number> = { clean: exitCodes.clean, new: exitCodes.findings, faulty: exitCodes.infra };

/** Begins a night, or goes on with one, and spends what it has left. @throws UserError; the night then goes on another time */
export async function spendNight(options: NightOptions, around: NightSurroundings): Promise<number> {
  const { log, session, signal } = around;
  const { open, loaded, toolchain } = session;
  const plan: NightPlan = {
    tree: { spec: open.tree.spec, version: open.tree.version, fingerprint: open.tree.fingerprint },
    space: { name: loaded.space.space, hash: loaded.space.hash },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    arches: options.arches, passes: options.passes, cover: options.cover,
  };
  const now = Date.now();
  if (!options.mayBegin && findUnfinished(options.out, plan, now) === null) {
    log.progress.say('there is no night to go on with');
    return exitCodes.clean;
  }
  // What the user got wrong begins no night, which the next one would go on with.
  const known = await readKnown(options.known, { version: open.tree.version, today: new Date(now).toISOString().slice(0, 10) }, log.progress.say);
  const jobs = Math.min(options.jobs ?? defaultJobs(open.tree.kind), options.runs ?? Infinity);
  await requireRoom(options, jobs * objtreeBytes[open.tree.kind], jobs);
  const night = await openNight(options.out, plan, { name: timestamp(now), seed: options.seed, now, baseline: options.baseline ?? findLastNight(options.out, plan), remembered: await listRemembered(options.corpus) });
  log.keepIn(join(night.directory, 'log.txt'));
  log.progress.say(`night ${night.directory}${night.isResumed ? ' goes on' : ''}, against ${night.state.baseline ?? 'nothing'}`);
  const past = readPast(options.out, plan, night);
  const history = openHistory(options.out);
  try {
    const key: CoverKey = { space: plan.space.hash, tree: plan.tree.fingerprint, toolchain: plan.toolchain.fingerprint };
    const course = await runAll(options, around, { night, past, known, jobs, earlier: history.judged(key) });
    if (signal.aborted) {
      log.progress.say('stopped; the same command goes on with this night');
      return exitCodes.stopped;
    }
    const report = writeReport(options, around, { night, past, course, earlier: history.judged(key) });
    await endNight(night, report, (hash) => course.config(hash) ?? past.textOf(hash));
    const { counts, candidates, coverage } = report;
    history.record({
      night: night.name, tree: plan.tree.spec, space: plan.space.name, ms: report.spentMs.corpus + report.spentMs.cover + report.spentMs.random,
      candidates: total(Object.values(candidates)), passed: counts.passed, failed: counts.failed, unjudged: counts.dropped + counts['timed-out'] + counts['infra-error'],
      covered: total(coverage.map(({ covered }) => covered)), possible: total(coverage.map(({ covered, left }) => covered + left)), exitCode: report.exitCode,
    }, report.findings, key, course.verdicts);
    for (const name of listRotten(options.out, options.nights)) await removeNight(join(options.out, name));
    log.keep(formatNight(report));
    process.stdout.write(`${options.isJson ? JSON.stringify(report) : formatNight(report)}\n`);
    return report.exitCode;
  } finally {
    history.close();
  }
}

/** @throws UserError `DISK_BUDGET` */
async function requireRoom({ out, mostBytes }: NightOptions, reserveBytes: number, jobs: number): Promise<void> {
  if (mostBytes === null || (await usedBytes(out)) + reserveBytes <= mostBytes) return;
  throw new UserError({ code: 'DISK_BUDGET', message: `--disk leaves no room for ${jobs} candidates at once`, place: { file: out }, hint: 'give more, or keep fewer nights with --nights' });
}

/** Failures that a corpus knows, those that are said to be mended aside. */
async function listRemembered(corpus: string | null): Promise<string[]> {
  const cases = corpus === null ? [] : await loadCases(corpus);
  return [...new Set(cases.filter(({ state }) => state !== 'fixed').map(({ signature }) => signature))];
}

/** What this night is held against, and what nights that were broken off since have shown. */
type Past = { baseline: Baseline | null; untold: NightFinding[]; textOf: (hash: string) => string | null };

function readPast(out: string, plan: NightPlan, { name, state }: Night): Past {
  const baseline = state.baseline === null ? null : readBaseline(state.baseline);
  const broken = readUntold(out, plan, name);
  const sources = [...(baseline === null ? [] : [baseline]), ...broken];
  return { baseline, untold: broken.flatMap(({ findings }) => findings), textOf: (hash) => firstOf(sources.map(({ textOf }) => textOf), hash) };
}

/** What was done in a night, over all its runs. */
type Course = {
  verdicts: Verdict[];
  candidates: Record<RunPhase, number>;
  findings: NightFinding[];
  minimized: NightReport['minimized'];
  notMinimized: NightReport['notMinimized'];
  notSeen: NightReport['notSeen'];
  ended: NightReport['ended'];
  spentMs: NightReport['spentMs'];
  config: (hash: string) => string | null;
};

type Setting = { night: Night; past: Past; known: KnownIssue[]; jobs: number; earlier: readonly Judged[] };

/** A night's runs, as far as they have come. */
type Runs = { journals: Map<RunPhase, Journal>; corpora: Map<RunPhase, OpenCorpus>; reruns: Rerun[] };

/** The phases one after the other. What the machine does ends them, and is told; what the user did is thrown. */
async function runAll(options: NightOptions, around: NightSurroundings, setting: Setting): Promise<Course> {
  const { session, setUp, log, signal } = around;
  const { night, jobs } = setting;
  const { kind } = session.open.tree;
  const runs: Runs = { journals: new Map(), corpora: new Map(), reruns: [] };
  let ended: Course['ended'] = null;
  const searches: Search[] = [];
  await withPlace({ session, setUp, progress: log.progress, name: 'nightly', jobs, timeoutMs: options.timeoutMs, keep: options.keep }, async (place) => {
    const budget = new NightBudget(night, { mostMs: options.mostMs, mostBytes: options.mostBytes, reserveBytes: jobs * objtreeBytes[kind], out: options.out, work: place.workshop.work });
    try {
      await budget.measure();
      for (const phase of runPhases) await runPhase(phase, { options, around, setting, place, budget, runs });
      if (budget.isTight) ended = { code: 'DISK_BUDGET', message: `another candidate could bring the disk above ${options.mostBytes} bytes` };
      budget.begin('minimize');
      if (!signal.aborted && !budget.full.aborted) searches.push(...(await minimizeAll(place, { options, night, budget, signal, runs, findings: await compare(around, setting, runs) })));
    } catch (error) {
      if (error instanceof UserError) throw error;
      ended = { code: error instanceof InfraError ? error.code : 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
    } finally {
      await budget.close();
    }
  });
  const minimized = searches.flatMap(({ signature, finding }) => (finding === null ? [] : [{ signature, causes: finding.causes.map(({ symbol, value }) => `${symbol}=${value}`), directory: finding.directory }]));
  const notMinimized = searches.filter(({ finding }) => finding === null).map((search) => ({ signature: search.signature, command: formatGoOn(search, { space: options.spaceSource, out: night.directory }) }));
  const findings = addFolders(await compare(around, setting, runs), minimized, options.out);
  const texts = new Map(findings.flatMap(({ shown }) => shown.map(({ config }) => [config, textIn(runs, config)] as const)));
  const verdicts = verdictsOf(runs);
  const notSeen = setting.known.map((issue) => ({ name: issue.name, candidates: countMissed(issue, verdicts, (hash) => textIn(runs, hash)) })).filter(({ candidates }) => candidates > 0);
  const course = { verdicts, findings, minimized, notMinimized, notSeen, ended, spentMs: night.state.spentMs, candidates: countEach(runs), config: (hash: string) => texts.get(hash) ?? null };
  for (const journal of runs.journals.values()) journal.close();
  return course;
}

function verdictsOf({ journals }: Runs): Verdict[] {
  return runPhases.flatMap((phase) => journals.get(phase)?.verdicts() ?? []);
}

function textIn({ journals }: Runs, hash: string): string | null {
  return firstOf([...journals.values()].map((journal) => (wanted: string) => journal.config(wanted)), hash);
}

/** The night as it is so far, held against the last one. */
async function compare({ sampler }: NightSurroundings, { night, past }: Setting, runs: Runs): Promise<NightFinding[]> {
  const journal = runs.journals.get('corpus');
  const cases = (await runs.corpora.get('corpus')?.outcomes()) ?? [];
  // What nobody was told of is new, though the corpus has it by now.
  const untold = new Set(past.untold.map(({ signature }) => signature));
  return compareNights(night.name, {
    before: past.baseline?.findings ?? [], verdicts: verdictsOf(runs), remembered: night.state.remembered.filter((signature) => !untold.has(signature)),
    replays: [...cases.map(judgeReplayed), ...(journal === undefined ? [] : judgeReruns(runs.reruns, sampler, journal))],
  });
}

type Phase = { options: NightOptions; around: NightSurroundings; setting: Setting; place: RunPlace; budget: NightBudget; runs: Runs };

/** One run of a night; what an earlier sitting has done of it is not done again. */
async function runPhase(phase: RunPhase, { options, around, setting, place, budget, runs }: Phase): Promise<void> {
  const { session, setUp, sampler, log, signal } = around;
  const { night, past, known, earlier } = setting;
  const properties = await loadProperties(places.properties);
  const journal = await openPhase(night, phase, await describePhase(phase, options, around, night, properties));
  runs.journals.set(phase, journal);
  const corpus = await openCorpus(session, { journal, sampler, setUp, properties });
  if (corpus !== null) runs.corpora.set(phase, corpus);
  if (phase === 'corpus') runs.reruns = listReruns([...(past.baseline?.findings ?? []), ...past.untold], { sampler, cases: corpus?.replays.map(({ replay }) => replay.case) ?? [], textOf: past.textOf });
  if (night.state.done.includes(phase) || signal.aborted || budget.full.aborted) return;
  budget.begin(phase);
  log.progress.say(describeRun(place, journal, options.isSandboxed));
  const minimized = new Map(past.baseline?.findings.map(({ signature, minimized: folders }) => [signature, folders.length]));
  const isToMinimize = ({ failures }: Verdict) => failures.some(({ signature }) => (minimized.get(signature) ?? 0) < options.mostOfAKind);
  let hasWork = verdictsOf(runs).some(isToMinimize);
  const mostMs = () => (phase === 'corpus' ? options.mostMs * share : options.mostMs * (hasWork ? 1 - share : 1));
  const before = verdictsOf(runs).length;
  let begun = 0;
  const { engine } = place;
  const counting: RunPlace = { ...place, engine: { ...engine, check: (task, onStage) => ((begun += 1), engine.check(task, onStage)) } };
  await checkRun(counting, {
    journal, sampler, known, corpus, reruns: phase === 'corpus' ? runs.reruns : [], earlier: [...earlier, ...verdictsOf(runs)], runs: journal.meta.runs, certifyEvery: options.certify,
    isTimeUp: () => budget.spentMs >= mostMs() || budget.isTight || before + begun >= (options.runs ?? Infinity),
    signal: AbortSignal.any([signal, budget.full]),
    onVerdict: (verdict) => {
      hasWork ||= isToMinimize(verdict);
      log.progress.verdict(verdict);
      void budget.measure();
    },
  });
  if (signal.aborted) return;
  night.state.done.push(phase);
  await budget.save();
}

/** What a phase is a run of. The first draws nothing; all tell the corpus, and only the first asks it. */
async function describePhase(phase: RunPhase, options: NightOptions, { session }: NightSurroundings, night: Night, properties: Awaited<ReturnType<typeof loadProperties>>): Promise<RunMeta> {
  // Of another tree other pairs come first: where a night does not suffice for all of them, it is not always the same that are left.
  const runSeed = { corpus: 0, cover: deriveSeed('cover', session.open.tree.fingerprint), random: night.state.seed }[phase];
  const { corpus } = await planCorpus(options.corpus ?? undefined, options.arches, properties);
  return {
    ...metaOf(session, { runSeed, cover: phase === 'cover' ? options.cover : 0, runs: phase === 'corpus' ? 0 : null, arches: options.arches, passes: options.passes, source: options.spaceSource }),
    ...(corpus === undefined ? {} : { corpus: phase === 'corpus' ? corpus : { ...corpus, replays: [] } }),
  };
}

/** Minimizes so many failures of each signature as no night has yet, each signature once before any is looked at again. */
async function minimizeAll(place: RunPlace, { options, night, budget, signal, runs, findings }: { options: NightOptions; night: Night; budget: NightBudget; signal: AbortSignal; runs: Runs; findings: readonly NightFinding[] }): Promise<Search[]> {
  const all = verdictsOf(runs);
  const found: Search[] = [];
  // Once in any case: what there is no time for is told.
  for (let round = 0; round < options.mostOfAKind && (round === 0 || budget.leftMs > 0); round += 1) {
    const open = new Set(findings.filter(({ minimized }) => minimized.length + round < options.mostOfAKind).map(({ signature }) => signature));
    const seen = new Map<string, number>();
    const verdicts = all.map((verdict) => ({
      ...verdict,
      failures: verdict.failures.filter(({ signature }) => {
        const count = seen.get(signature) ?? 0;
        seen.set(signature, count + 1);
        return count === round && open.has(signature);
      }),
    }));
    const journal = { verdicts: () => verdicts, config: (hash: string) => textIn(runs, hash) };
    found.push(...(await findCauses(place, { journal, corpus: runs.corpora.get('corpus') ?? null, out: night.directory, budgetMs: budget.leftMs, signal: AbortSignal.any([signal, budget.full]) })));
  }
  for (const { finding } of found) if (finding !== null) await runs.corpora.get('corpus')?.remembering.minimized(finding);
  return found;
}

function addFolders(findings: readonly NightFinding[], minimized: NightReport['minimized'], out: string): NightFinding[] {
  return findings.map((finding) => ({ ...finding, minimized: [...new Set([...finding.minimized, ...minimized.filter(({ signature }) => signature === finding.signature).map(({ directory }) => relative(out, directory))])] }));
}

/** Holds the night against the last one. */
function writeReport(options: NightOptions, { sampler }: NightSurroundings, { night, past, course, earlier }: { night: Night; past: Past; course: Course; earlier: Setting['earlier'] }): NightReport {
  const { tree, space, toolchain } = night.state.plan;
  const { verdicts, findings, ended } = course;
  const coverage = reportCoverage(sampler, options.cover, collectJudged([...earlier, ...verdicts]), options.arches);
  const reach = coverage.map(({ arch, reasons }) => measureReach(sampler, arch, options.cover, reasons));
  const isShort = ended !== null && ended.code !== 'DISK_BUDGET';
  const outcome = decideNight(findings, verdicts, isShort);
  const faults: Record<string, number> = {};
  for (const { fault } of verdicts) if (fault !== null) faults[fault.code] = (faults[fault.code] ?? 0) + 1;
  return {
    kind: 'night', version: 1, night: night.name, directory: night.directory, startedAt: new Date(night.state.startedAt).toISOString(),
    tree, space, toolchain, isSandboxed: options.isSandboxed,
    budget: { ms: options.mostMs, bytes: options.mostBytes, mostOfAKind: options.mostOfAKind }, spentMs: course.spentMs,
    candidates: course.candidates, counts: countVerdicts(verdicts), faults, ended,
    baseline: past.baseline === null ? null : { night: past.baseline.name, tree: past.baseline.tree },
    findings, minimized: course.minimized, notMinimized: course.notMinimized, notSeen: course.notSeen, shifts: compareReach(past.baseline?.reach ?? [], reach),
    coverage: coverage.map(({ arch, strength, covered, impossible, left }) => ({ arch, strength, covered, impossible, left })), reach,
    outcome, exitCode: exitOf[outcome],
  };
}

function countEach({ journals }: Runs): Course['candidates'] {
  return { corpus: journals.get('corpus')?.verdicts().length ?? 0, cover: journals.get('cover')?.verdicts().length ?? 0, random: journals.get('random')?.verdicts().length ?? 0 };
}

function firstOf(sources: readonly ((hash: string) => string | null)[], hash: string): string | null {
  for (const source of sources) {
    const text = source(hash);
    if (text !== null) return text;
  }
  return null;
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
