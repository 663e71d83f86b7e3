import { join, resolve } from 'node:path';
import { type GatePlace, openJudge } from '../../campaign/certify-gates.ts';
import { judgeOne, runGates } from '../../campaign/gate.ts';
import { createJournal, type Journal } from '../../engine/journal.ts';
import { formatGates, formatRefuted } from '../../report/gate.ts';
import { formatSummary, formatVerdict } from '../../report/text.ts';
import type { Candidate } from '../../sampler/records.ts';
import type { Sampler } from '../../sampler/sampler.ts';
import type { Seed } from '../../sampler/seed.ts';
import { loadZ3 } from '../../space/solver.ts';
import type { Arch } from '../../tree/records.ts';
import type { ToolchainChoice } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { writeAtomic } from '../../util/files.ts';
import type { GateReport } from '../../verdict/records.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { commandName, readSetUp } from '../options.ts';
import { chooseProgress, type Progress, withProgress } from '../progress.ts';
import { requireWritable, timestamp } from '../run-folder.ts';
import { metaOf, openSession, openSessionSampler, type Session } from '../session.ts';

/** A run of a space whose candidates are not built. */
export type GateOptions = {
  space: string;
  tree: string;
  toolchain: ToolchainChoice;
  runSeed: number;
  runs: number | null;
  arches: Arch[] | null;
  timeMs: number | null;
  timeoutMs: number;
  out: string;
  mirror: string | null;
  isSandboxed: boolean;
  isJson: boolean;
};

/** How many candidates a run has when nothing says so: a minute. */
export const defaultGateRuns = 20_000;

/** How often a run says how far it is, in candidates. */
const tellEvery = 2500;

/** Judges a space at the level of configurations; gives the exit code. */
export async function fuzzGates(options: GateOptions, signal: AbortSignal): Promise<number> {
  const out = resolve(options.out);
  await requireWritable(out);
  const started = Date.now();
  const outcome = await withProgress(chooseProgress(options.isJson), options.runs, async (progress) => {
    const setUp = readSetUp(options.mirror === null ? {} : { mirror: options.mirror }, progress.say, signal);
    const session = await openSession(setUp, options);
    const sampler = await openSessionSampler(session, setUp, options.arches);
    const journal = await createJournal(join(out, `${timestamp(started)}-${options.runSeed}`), metaOf(session, { ...options, cover: 0, passes: [], source: options.space }));
    progress.say(`run ${journal.directory}: seed ${options.runSeed}, space ${session.loaded.space.space}, tree ${session.open.tree.spec}${session.open.tree.version ? ` (${session.open.tree.version})` : ''}, toolchain ${session.toolchain.kind}; nothing is built`);
    return { journal, session, ...(await run(options, { session, sampler, journal, progress, signal })) };
  }).catch((error: unknown) => {
    if (signal.aborted) return null;
    throw error;
  });
  return outcome === null ? exitCodes.stopped : tellEnd(options, outcome, { isStopped: signal.aborted, ms: Date.now() - started });
}

type Surroundings = { session: Session; sampler: Sampler; journal: Journal; progress: Progress; signal: AbortSignal };
type Cost = { proofsMs: number; candidatesMs: number };

async function run(options: GateOptions, { session, sampler, journal, progress, signal }: Surroundings): Promise<{ report: GateReport; cpu: Cost }> {
  const z3 = await loadZ3();
  const started = Date.now();
  const before = process.cpuUsage();
  let proofs = process.cpuUsage(before);
  const report = await runGates({
    ...placeOf(session, sampler, options.timeoutMs, signal), z3, runSeed: options.runSeed, runs: options.runs, arches: options.arches, journal,
    isTimeUp: () => options.timeMs !== null && Date.now() - started >= options.timeMs,
    onProof(proof) {
      proofs = process.cpuUsage(before);
      if (proof.result === 'refuted') progress.say(formatRefuted(proof));
    },
    onJudged(count) {
      if (count % tellEvery === 0) progress.say(`${count} judged`);
    },
    onVerdict: progress.verdict,
  });
  const all = process.cpuUsage(before);
  const proofsMs = msOf(proofs);
  return { report, cpu: { proofsMs, candidatesMs: msOf(all) - proofsMs } };
}

function placeOf({ open: { tree }, toolchain, loaded }: Session, sampler: Sampler, timeoutMs: number, signal: AbortSignal): GatePlace {
  return { tree, toolchain, loaded, sampler, signal, judge: openJudge({ tree, toolchain, timeoutMs, signal }) };
}

function msOf({ user, system }: NodeJS.CpuUsage): number {
  return Math.round((user + system) / 1000);
}

async function tellEnd(options: GateOptions, { journal, session, report, cpu }: { journal: Journal; session: Session; report: GateReport; cpu: Cost }, { isStopped, ms }: { isStopped: boolean; ms: number }): Promise<number> {
  const code = decideExit(report, isStopped);
  const out = options.isJson ? process.stderr : process.stdout;
  const again = `${commandName} fuzz --space ${options.space} --tree ${options.tree} --runs 1`;
  const seconds = (part: number) => `${(part / 1000).toFixed(1)} s`;
  out.write(`\n${formatGates(report, commandName, again)}\n${seconds(cpu.proofsMs)} of processor for the claims, ${seconds(cpu.candidatesMs)} for the candidates\n${isStopped ? 'stopped; ' : ''}journal: ${journal.directory}\n`);
  const record = { kind: 'run', directory: journal.directory, ...journal.meta, ...report, version: session.open.tree.version, isSandboxed: options.isSandboxed, isStopped, exitCode: code, ms, cpu };
  await writeAtomic(join(journal.directory, 'gates.json'), `${JSON.stringify(record, null, 2)}\n`);
  if (options.isJson) process.stdout.write(`${JSON.stringify(record)}\n`);
  journal.close();
  return code;
}

/** Findings first, whatever else went wrong; a run that judged nothing is not clean. */
function decideExit({ findings, faults, counts, proofs }: GateReport, isStopped: boolean): number {
  if (findings.length > 0) return exitCodes.findings;
  if (isStopped) return exitCodes.stopped;
  const isEmpty = Object.keys(counts).length === 0 && proofs.proven === 0;
  return faults.length > 0 || isEmpty ? exitCodes.infra : exitCodes.clean;
}

/** Judges one candidate of a space at the level of configurations; gives the exit code. */
export async function reproduceGate(session: Session, sampler: Sampler, candidate: Candidate, seed: Seed, how: { timeoutMs: number; signal: AbortSignal; onlyPrint: boolean; isJson: boolean }): Promise<number> {
  const { verdict, config } = await judgeOne(placeOf(session, sampler, how.timeoutMs, how.signal), candidate);
  if (how.signal.aborted) return exitCodes.stopped;
  process.stderr.write(`config: ${verdict.config.startsWith(seed.config) ? 'the same' : `another (${verdict.config.slice(0, 8)}, the seed's was ${seed.config})`}\n`);
  if (how.onlyPrint) {
    process.stdout.write(config);
    return exitCodes.clean;
  }
  process.stderr.write(`${formatVerdict(verdict)}\n`);
  process.stdout.write(how.isJson ? `${JSON.stringify(verdict)}\n` : `${formatSummary([verdict], commandName)}\n`);
  return exitCodeOf([verdict]);
}

/** @throws UserError `RUN_SHORT`: there is nothing worth going on with */
export function refuseResume({ directory, close }: Journal): never {
  close();
  throw new UserError({ code: 'RUN_SHORT', message: 'a run whose candidates are not built cannot be resumed: it keeps failing candidates only', place: { file: directory }, hint: 'start it anew: it takes a minute' });
}
