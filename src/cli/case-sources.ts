import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import * as v from 'valibot';
import { type Case, casesFolder, loadCase, propertyOf, sightingSchema } from '../corpus/cases.ts';
import { sightingAt, sightingOf } from '../corpus/sighting.ts';
import type { Found } from '../corpus/store.ts';
import { leaveOutPins, listAssignments } from '../campaign/wishes.ts';
import { readJournal, type RunMeta } from '../engine/journal.ts';
import { formatFragment, parseConfig } from '../kconfig/config.ts';
import { type PassName, passNames, type Property } from '../property/contract.ts';
import { formatSeed, parseSeed } from '../sampler/seed.ts';
import { loadSpace } from '../space/load.ts';
import type { Space } from '../space/schema.ts';
import type { SetUp } from '../tree/cache.ts';
import { arches, type Arch } from '../tree/records.ts';
import type { ToolchainChoice } from '../tree/toolchain.ts';
import { UserError } from '../util/errors.ts';
import { readTextIfAny } from '../util/files.ts';
import { parseYaml } from '../util/yaml.ts';
import type { Verdict } from '../verdict/records.ts';
import { places, top } from './options.ts';
import { openSession, openSessionSampler } from './session.ts';

/** What the user said beside the name of what is to be added. */
export type SourceOptions = { out: string; space?: string; arch?: Arch; signature?: string; passes: PassName[] };

/** The failures in what a user names: a seed, a run, a search or a case below some folder, a fragment. @throws UserError */
export async function readFound(what: string, options: SourceOptions, setUp: SetUp, properties: readonly Property[]): Promise<Found[]> {
  if (/^kf\d+_/.test(what.trim())) return readSeed(formatSeed(parseSeed(what)), options, setUp, properties);
  const place = resolve(what);
  if (existsSync(join(place, 'run.db'))) return readRun(place, () => true, setUp, properties);
  if (existsSync(join(place, 'result.json')) && existsSync(join(place, 'fragment.config'))) return [await readSearch(place, options)];
  const finding = place.endsWith('finding.json') ? dirname(place) : place;
  if (existsSync(join(finding, 'finding.json'))) return readFinding(finding, setUp, properties);
  if (/\.ya?ml$/.test(place)) {
    const { name: _, state: __, seen, gone: ___, ...found } = await loadCase(place);
    return [{ ...found, sighting: seen[0] ?? null }];
  }
  return [await readFragment(place, options)];
}

/** A run's own word on one of its candidates. */
async function readSeed(seed: string, { out }: SourceOptions, setUp: SetUp, properties: readonly Property[]): Promise<Found[]> {
  const runs: string[] = await readdir(resolve(out)).catch(() => []);
  for (const run of runs.sort().reverse().map((name) => join(resolve(out), name))) {
    if (existsSync(join(run, 'run.db')) && readAll(run).verdicts.some((verdict) => verdict.seed === seed)) return readRun(run, (verdict) => verdict.seed === seed, setUp, properties);
  }
  throw new UserError({ code: 'SEED_UNKNOWN', message: `no run below ${out} has judged this seed`, hint: 'name the folder of the runs with --out, or minimize it and add the folder that comes of it' });
}

type Run = { meta: RunMeta; verdicts: Verdict[]; config: (hash: string) => string | null };

function readAll(directory: string): Run {
  const journal = readJournal(directory);
  try {
    const verdicts = journal.verdicts();
    const configs = new Map(verdicts.filter(({ verdict, known }) => verdict === 'failed' || known.length > 0).map(({ config }) => [config, journal.config(config)]));
    return { meta: journal.meta, verdicts, config: (hash) => configs.get(hash) ?? null };
  } finally {
    journal.close();
  }
}

/** The first candidate of each signature and architecture, as its seed draws it. */
async function readRun(directory: string, isMeant: (verdict: Verdict) => boolean, setUp: SetUp, properties: readonly Property[]): Promise<Found[]> {
  const { meta, verdicts, config } = readAll(directory);
  const firsts = new Map<string, { verdict: Verdict; signature: string }>();
  for (const verdict of verdicts.filter((one) => one.index >= 0 && isMeant(one))) {
    for (const { signature } of [...verdict.failures, ...verdict.known]) {
      const key = `${signature} ${verdict.arch}`;
      if (!firsts.has(key)) firsts.set(key, { verdict, signature });
    }
  }
  if (firsts.size === 0) return [];
  const session = await openSession(setUp, { tree: meta.tree.spec, toolchain: meta.toolchain.kind as ToolchainChoice, space: meta.space.source, isSandboxed: true });
  const { open, toolchain, loaded } = session;
  if (open.tree.fingerprint !== meta.tree.fingerprint || toolchain.fingerprint !== meta.toolchain.fingerprint || loaded.space.hash !== meta.space.hash) {
    throw new UserError({ code: 'RUN_CHANGED', message: 'tree, toolchain or space have changed since this run: its seeds draw something else now', place: { file: directory }, hint: 'add the folder of a search that minimized the finding' });
  }
  const sampler = await openSessionSampler(session, setUp, meta.cover === 0 ? [...new Set([...firsts.values()].map(({ verdict }) => verdict.arch))] : null);
  const found = [...firsts.values()].map(({ verdict, signature }): Found => ({
    signature, arch: verdict.arch, space: nameSpace(meta.space.source), links: [],
    passes: neededPasses(signature, verdict.passes, properties),
    assignments: listAssignments(sampler.candidate(meta.runSeed, verdict.index, meta.cover), config(verdict.config) ?? '', loaded.space),
    sighting: sightingOf(open.tree, toolchain, verdict.seed),
  }));
  sampler.close();
  return found;
}

const text = v.string();
const assigned = v.array(v.object({ symbol: text, value: text }));
/** What of a search's result a case takes. */
const searchSchema = v.object({ failure: v.object({ signature: text }), arch: v.picklist(arches), about: v.object({ space: text, passes: v.array(v.picklist(passNames)), sighting: sightingSchema }) });

/** What a search has found, as few assignments as it takes. */
async function readSearch(directory: string, options: SourceOptions): Promise<Found> {
  const file = join(directory, 'result.json');
  const { value: { failure, arch, about } } = parseYaml((await readTextIfAny(file)) ?? '', file, searchSchema, 'SEARCH');
  const fragment = (await readTextIfAny(join(directory, 'fragment.config'))) ?? '';
  const { name, space } = await openSpace(options.space ?? about.space);
  return { signature: failure.signature, arch, space: name, passes: about.passes, assignments: leaveOutPins(fragment, arch, space), links: [], sighting: about.sighting };
}

/** What of the record of a finding a case takes. */
const findingSchema = v.object({
  kind: v.literal('finding'), signature: text, arch: v.picklist(arches), seed: text, space: v.object({ source: text }), passes: v.array(v.picklist(passNames)),
  tree: v.object({ spec: text, version: v.nullable(text), fingerprint: text }), toolchain: v.object({ kind: text, tools: v.record(text, text) }),
  minimized: v.nullable(v.object({ base: assigned, causes: assigned })),
});

/** The folder of a finding: the few assignments, where they were looked for; else what its run has drawn. */
async function readFinding(directory: string, setUp: SetUp, properties: readonly Property[]): Promise<Found[]> {
  const file = join(directory, 'finding.json');
  const { value: { signature, arch, seed, space: { source }, passes, tree, toolchain: { kind, tools }, minimized } } = parseYaml((await readTextIfAny(file)) ?? '', file, findingSchema, 'FINDING');
  if (minimized === null) return (await readRun(dirname(dirname(directory)), (verdict) => verdict.seed === seed, setUp, properties)).filter((found) => found.signature === signature);
  const { name, space } = await openSpace(source);
  const fragment = formatFragment([...minimized.base, ...minimized.causes].map(({ symbol, value }) => [symbol, value]));
  return [{ signature, arch, space: name, passes: neededPasses(signature, passes, properties), assignments: leaveOutPins(fragment, arch, space), links: [], sighting: sightingAt({ tree, toolchain: { kind, versions: tools } }, seed.startsWith('kf2_') ? seed : null) }];
}

/** More lines are a whole configuration. */
const mostLines = 400;

async function readFragment(file: string, { arch, signature, space: wanted, passes }: SourceOptions): Promise<Found> {
  const fragment = await readTextIfAny(file).catch((error: unknown) => {
    throw new UserError({ code: 'SOURCE_UNREADABLE', message: error instanceof Error ? error.message : String(error), place: { file } });
  });
  if (fragment === null) throw new UserError({ code: 'SOURCE_UNKNOWN', message: 'this is no seed, and there is no such file or folder', place: { file }, hint: 'name a seed, the folder of a run or of a search, or a fragment' });
  if (arch === undefined || signature === undefined) throw new UserError({ code: 'SOURCE_BARE', message: 'a fragment does not say what it shows', place: { file }, hint: 'say it with --arch and --signature' });
  if (!/^[a-z0-9-]+:[0-9a-f]{8}$/.test(signature)) throw new UserError({ code: 'SIGNATURE_MALFORMED', message: `"${signature}" is no signature`, hint: 'a run prints it: property:1a2b3c4d' });
  const lines = Object.keys(parseConfig(fragment)).length;
  if (lines === 0) throw new UserError({ code: 'SOURCE_EMPTY', message: 'this is no fragment: it assigns nothing', place: { file }, hint: 'a fragment has lines such as CONFIG_NAME=y, the option among them' });
  if (lines > mostLines) throw new UserError({ code: 'SOURCE_WHOLE', message: 'this is a whole configuration, and a case is to be small', place: { file }, hint: 'minimize it, then add the folder that comes of it' });
  const { name, space } = await openSpace(wanted ?? 'inline-helpers');
  const assignments = leaveOutPins(fragment, arch, space);
  return { signature, arch, space: name, passes, assignments, links: [], sighting: null };
}

async function openSpace(source: string): Promise<{ name: string; space: Space }> {
  return { name: nameSpace(source), space: (await loadSpace(source, places.spaces)).space };
}

/** A space as a case names it: those that are files of the checkout from its top, whoever reads it. */
export function nameSpace(source: string): string {
  if (!source.includes('/') && !/\.ya?ml$/.test(source)) return source;
  const path = relative(top, resolve(source));
  return path.startsWith('..') ? resolve(source) : path;
}

/** The file or name by which a case's space is loaded. */
function sourceOfSpace(name: string): string {
  return name.includes('/') ? resolve(top, name) : name;
}

/** Of the passes that a candidate had, the one without which its failure cannot be told. */
export function neededPasses(signature: string, passes: readonly PassName[], properties: readonly Pick<Property, 'name' | 'needs'>[]): PassName[] {
  const property = propertyOf({ signature });
  // What cannot be read may be a file of any pass.
  return property === 'reads' ? [...passes] : passes.filter((pass) => properties.some(({ name, needs }) => name === property && needs === pass));
}

/** How `kinfuzz repro` is told of a case. */
export function pathOfCase(corpus: string, name: string): string {
  return relative(process.cwd(), join(corpus, casesFolder, `${basename(name)}.yaml`));
}

/** @throws UserError `UNKNOWN_SPACE`; `CASE_SPACE` for one whose candidates are not built */
export async function loadCaseSpaces(cases: readonly Pick<Case, 'space'>[]): Promise<Map<string, Space>> {
  const spaces = new Map<string, Space>();
  for (const name of new Set(cases.map(({ space }) => space))) {
    const { space } = await loadSpace(sourceOfSpace(name), places.spaces);
    if (space.depth === 'config') throw new UserError({ code: 'CASE_SPACE', message: `a case names the space ${name}, of which nothing is built`, hint: 'name one with targets' });
    spaces.set(name, space);
  }
  return spaces;
}
