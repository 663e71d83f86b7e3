import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createJournal, type Journal, openJournal, readJournal, type RunMeta } from '../engine/journal.ts';
import { type NightReport, type PhaseName, runPhases } from '../report/nightly.ts';
import type { Reach } from '../sampler/shift.ts';
import { UserError } from '../util/errors.ts';
import { makeDirectory, writeAtomic } from '../util/files.ts';
import { compareNights, isOpen, type NightFinding } from '../verdict/night.ts';

/** What a night is of; one that was not finished goes on only as the same. */
export type NightPlan = Pick<NightReport, 'tree' | 'space' | 'toolchain'> & Pick<RunMeta, 'arches' | 'passes' | 'cover'>;

/** `night.json`: how far a night is. `baseline`: what it is held against, kept so that it stays the same. */
export type NightState = {
  plan: NightPlan;
  startedAt: number;
  /** Of the random phase. */
  seed: number;
  baseline: string | null;
  /** Failures that the corpus knew when the night began: what it learns of the night itself is new all the same. */
  remembered: string[];
  spentMs: Record<PhaseName, number>;
  done: PhaseName[];
};

/** A night's folder. */
export type Night = { name: string; directory: string; state: NightState; isResumed: boolean };

/** What a night is held against. `configs`: texts by hash. */
export type Baseline = { name: string; tree: string; findings: NightFinding[]; reach: Reach[]; textOf: (hash: string) => string | null };

const stateFile = 'night.json';
export const reportFile = 'nightly.json';
const configFolder = 'configs';

/** How long after its beginning a night that was broken off is still the same night, in milliseconds: until before the next one. */
const sameNightMs = 20 * 60 * 60_000;

/**
 * Goes on with the night that was not finished, if it is of the same and not of yesterday, or begins one.
 *
 * @param begin what a night has that begins now
 */
export async function openNight(out: string, plan: NightPlan, { name, now, ...begin }: { name: string; now: number } & Pick<NightState, 'seed' | 'baseline' | 'remembered'>): Promise<Night> {
  const unfinished = findUnfinished(out, plan, now);
  if (unfinished !== null) return unfinished;
  let directory = join(out, name);
  for (let number = 2; existsSync(directory); number += 1) directory = join(out, `${name}-${number}`);
  const night: Night = { name: basename(directory), directory, isResumed: false, state: { plan, startedAt: now, ...begin, spentMs: { corpus: 0, cover: 0, random: 0, minimize: 0 }, done: [] } };
  await makeDirectory(directory);
  await saveNight(night);
  return night;
}

/** The night that this plan goes on with; null where that would begin one. */
export function findUnfinished(out: string, plan: NightPlan, now: number): Night | null {
  const name = listNights(out).reverse().find((other) => isKind(join(out, other), plan));
  if (name === undefined || existsSync(join(out, name, reportFile))) return null;
  const directory = join(out, name);
  const state = readState(directory);
  const isSame = state !== null && JSON.stringify(state.plan) === JSON.stringify(plan) && now - state.startedAt < sameNightMs;
  return isSame ? { name, directory, state, isResumed: true } : null;
}

export async function saveNight({ directory, state }: Night): Promise<void> {
  await writeAtomic(join(directory, stateFile), `${JSON.stringify(state, null, 2)}\n`);
}

/** The journal of one phase, begun or gone on with. */
export async function openPhase({ directory }: Night, phase: PhaseName, meta: RunMeta): Promise<Journal> {
  const place = join(directory, phase);
  if (existsSync(place)) {
    try {
      return openJournal(place);
    } catch (error) {
      // Ended between the folder and what is in it.
      if (!(error instanceof UserError && error.code === 'RUN_UNKNOWN')) throw error;
      await rm(place, { recursive: true });
    }
  }
  return createJournal(place, meta);
}

/** Ends a night: its report, and the configurations that the next one looks at again. */
export async function endNight({ directory }: Pick<Night, 'directory'>, report: NightReport, textOf: (hash: string) => string | null): Promise<void> {
  await makeDirectory(join(directory, configFolder));
  for (const { config } of report.findings.filter(isOpen).flatMap(({ shown }) => shown)) {
    const text = textOf(config);
    if (text !== null) await writeFile(join(directory, configFolder, `${config}.config`), text);
  }
  await writeAtomic(join(directory, reportFile), `${JSON.stringify(report, null, 2)}\n`);
}

/** The last night that ended, of the same space and tree, whatever state the tree was in; null where there is none. */
export function findLastNight(out: string, plan: Pick<NightPlan, 'tree' | 'space'>): string | null {
  const found = listNights(out).reverse().find((name) => isKind(join(out, name), plan) && readReport(join(out, name)) !== null);
  return found === undefined ? null : join(out, found);
}

/** What nights showed that were broken off after the last one that ended, and that nobody has been told of. */
export function readUntold(out: string, plan: Pick<NightPlan, 'tree' | 'space'>, own: string): Pick<Baseline, 'findings' | 'textOf'>[] {
  const nights = listNights(out).filter((name) => isKind(join(out, name), plan));
  const ended = nights.findLastIndex((name) => readReport(join(out, name)) !== null);
  return nights.slice(ended + 1).filter((name) => name !== own).flatMap((name) => {
    return runPhases.filter((phase) => existsSync(join(out, name, phase, 'run.db'))).flatMap((phase) => readRunIfAny(join(out, name, phase)));
  });
}

/**
 * Reads a night, the last night below a folder, or any run.
 *
 * @throws UserError `BASELINE_UNKNOWN`
 */
export function readBaseline(place: string): Baseline {
  const report = readReport(place);
  if (report !== null) {
    const textOf = (hash: string) => readIfThere(join(place, configFolder, `${hash}.config`));
    return { name: report.night, tree: describeTree(report.tree), findings: report.findings, reach: report.reach, textOf };
  }
  if (existsSync(join(place, 'run.db'))) return readRun(place);
  const last = listNights(place).reverse().find((name) => existsSync(join(place, name, reportFile)));
  if (last !== undefined) return readBaseline(join(place, last));
  throw new UserError({ code: 'BASELINE_UNKNOWN', message: 'there is neither a night that ended nor a run in this folder', place: { file: place }, hint: 'name the folder of a night, of a run, or of nights' });
}

export function describeTree({ spec, version, fingerprint }: NightReport['tree']): string {
  return `${spec}${version === null ? '' : ` (${version})`} ${fingerprint.slice(0, 8)}`;
}

/** A journal that was cut short before anything was in it shows nothing. */
function readRunIfAny(directory: string): Baseline[] {
  try {
    return [readRun(directory)];
  } catch (error) {
    if (error instanceof UserError && error.code === 'RUN_UNKNOWN') return [];
    throw error;
  }
}

/** Any run does: what failed in it was there. */
function readRun(directory: string): Baseline {
  const journal = readJournal(directory);
  try {
    const { tree } = journal.meta;
    const findings = compareNights(basename(directory), { before: [], remembered: [], verdicts: journal.verdicts(), replays: [] });
    const texts = new Map(findings.flatMap(({ shown }) => shown.map(({ config }) => [config, journal.config(config)] as const)));
    return { name: basename(directory), tree: `${tree.spec} ${tree.fingerprint.slice(0, 8)}`, findings, reach: [], textOf: (hash) => texts.get(hash) ?? null };
  } finally {
    journal.close();
  }
}

/**
 * Nights that may go, the oldest first: all but the `most` latest, the last one of each kind, which the next is held
 * against, and those that first had a failure which is open still: what was found out about it is there alone.
 */
export function listRotten(out: string, most: number): string[] {
  const nights = listNights(out).map((name) => ({ name, report: readReport(join(out, name)) }));
  const lasts = [...new Map(nights.flatMap(({ report }) => (report === null ? [] : [[kindOf(report), report] as const]))).values()];
  const kept = new Set(lasts.flatMap(({ night, findings }) => [night, ...findings.filter(isOpen).map(({ since }) => since)]));
  return nights.slice(0, Math.max(0, nights.length - most)).map(({ name }) => name).filter((name) => !kept.has(name));
}

export async function removeNight(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
}

/** Nights of one kind are held against each other. */
function kindOf({ tree, space }: Pick<NightPlan, 'tree' | 'space'>): string {
  return `${space.name} ${tree.spec}`;
}

/** Names of the nights below a folder, the oldest first. */
export function listNights(out: string): string[] {
  if (!existsSync(out)) return [];
  return readdirSync(out).filter((name) => existsSync(join(out, name, stateFile))).sort(byTime);
}

/** A second night of the same second has `-2` after its name. */
function byTime(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function isKind(directory: string, plan: Pick<NightPlan, 'tree' | 'space'>): boolean {
  const state = readState(directory);
  return state !== null && kindOf(state.plan) === kindOf(plan);
}

function readState(directory: string): NightState | null {
  return parse<NightState>(readIfThere(join(directory, stateFile)));
}

export function readReport(directory: string): NightReport | null {
  const report = parse<NightReport>(readIfThere(join(directory, reportFile)));
  return report?.kind === 'night' && report.version === 1 ? report : null;
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/** What was cut short is as if it were not there. */
function parse<T>(text: string | null): T | null {
  try {
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}
