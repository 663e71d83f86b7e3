import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { parseConfig } from '../kconfig/config.ts';
import { passNames } from '../property/contract.ts';
import { parseSeed } from '../sampler/seed.ts';
import { arches } from '../tree/records.ts';
import { UserError } from '../util/errors.ts';
import { readTextIfAny } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import { parseYaml } from '../util/yaml.ts';
import { compareVersions } from '../verdict/known.ts';

/** `open`: nobody has looked at it; `known`: a defect of the kernel; `wontfix`: it stays as it is; `fixed`: it must not come back. */
export const caseStates = ['open', 'known', 'wontfix', 'fixed'] as const;
export type CaseState = (typeof caseStates)[number];

const filled = v.pipe(v.string(), v.nonEmpty('a text is wanted'));
const fingerprint = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}$/, 'the first 8 digits of a fingerprint are wanted, in quotes'));

/** A tree and a toolchain that a case was judged with. */
export const sightingSchema = v.strictObject({
  /** As a seed names it: `linux-source-7.3`. */
  tree: filled,
  version: v.optional(filled),
  fingerprint,
  toolchain: filled,
  clang: v.optional(filled),
  rustc: v.optional(filled),
  /** Draws the configuration that had the failure there. */
  seed: v.optional(v.pipe(v.string(), v.check(isSeed, 'a seed is wanted, as a run printed it: kf2_…'))),
});

/** Lines that name one symbol each; blank ones are none. */
export const assignmentsSchema = v.pipe(
  v.string(),
  v.check((text) => listLines(text).every((line) => Object.keys(parseConfig(line)).length === 1), 'each line is CONFIG_NAME=value or # CONFIG_NAME is not set'),
  v.check((text) => listLines(text).length === Object.keys(parseConfig(text)).length, 'a symbol is named twice'),
);

const caseName = /^[a-z0-9][a-z0-9_-]*$/;

const caseSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(caseName, 'a name of small letters, digits, _ and - is wanted')),
  state: v.picklist(caseStates),
  /** Of one failure, property and all. */
  signature: v.pipe(v.string(), v.regex(/^[a-z0-9-]+:[0-9a-f]{8}$/, 'a signature is wanted, as a run prints it: property:1a2b3c4d')),
  arch: v.picklist(arches),
  /** Whose pins stand below the assignments, and whose targets and properties it is checked with. */
  space: filled,
  passes: v.optional(v.array(v.picklist(passNames)), []),
  /** On top of the space's pins, whether the option is on included; none where the pins alone fail. */
  assignments: v.optional(assignmentsSchema, ''),
  /** Where it failed, and where it was tried and did not. */
  seen: v.optional(v.array(sightingSchema), []),
  gone: v.optional(v.array(sightingSchema), []),
  note: v.optional(filled),
  /** Pages and mails about it. */
  links: v.optional(v.array(filled), []),
});

/** A failure that is remembered: a configuration, what it shows, and where that was seen. One file. */
export type Case = v.InferOutput<typeof caseSchema>;
export type Sighting = v.InferOutput<typeof sightingSchema>;

/** Whether a case may be forgotten: it is fixed, was seen to pass, and has not come back on a later version. */
export function isOver({ state, seen, gone }: Pick<Case, 'state' | 'seen' | 'gone'>): boolean {
  if (state !== 'fixed' || gone.length === 0) return false;
  const [failed, passed] = [latestVersion(seen), latestVersion(gone)];
  return failed === undefined || passed === undefined || compareVersions(failed, passed) < 0;
}

function latestVersion(sightings: readonly Sighting[]): string | undefined {
  return sightings.flatMap(({ version }) => version ?? []).sort(compareVersions).at(-1);
}

/** Below a corpus directory. */
export const casesFolder = 'cases';

/** The property whose failure a case is. */
export function propertyOf({ signature }: Pick<Case, 'signature'>): string {
  return signature.split(':')[0] ?? '';
}

export function isCaseName(text: string): boolean {
  return caseName.test(text);
}

/** The same for what is the same case under whatever name: what is asked for, of whom, and what it shows. */
export function identityOf({ signature, arch, space, assignments }: Pick<Case, 'signature' | 'arch' | 'space' | 'assignments'>): string {
  return hashText(JSON.stringify([signature, arch, space, Object.entries(parseConfig(assignments)).sort(([left], [right]) => (left < right ? -1 : 1))]));
}

/**
 * The cases of a corpus directory by name; none where it has none yet.
 *
 * @throws UserError `CASE_SYNTAX`, `CASE_SHAPE`, `CASE_NAME`, `CASE_UNREADABLE` with file, line and column
 */
export async function loadCases(corpus: string): Promise<Case[]> {
  const directory = join(corpus, casesFolder);
  const names: string[] = await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw unreadable(directory, error);
  });
  return Promise.all(names.filter((name) => name.endsWith('.yaml')).sort().map((name) => loadCase(join(directory, name))));
}

/** Reads one case by its path. @throws UserError as {@link loadCases} */
export async function loadCase(file: string): Promise<Case> {
  const text = await readTextIfAny(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  if (text === null) throw new UserError({ code: 'CASE_UNREADABLE', message: 'there is no such case', place: { file }, hint: 'kinfuzz corpus ls tells which there are' });
  return parseCase(text, file);
}

/** Reads the text of a case file, which has the case's name. @throws UserError with file, line and column */
export function parseCase(text: string, file: string): Case {
  const { value, placeOf } = parseYaml(text, file, caseSchema, 'CASE');
  if (basename(file) !== `${value.name}.yaml`) throw new UserError({ code: 'CASE_NAME', message: `the case ${value.name} is in a file of another name`, place: placeOf(['name']), hint: `call the file ${value.name}.yaml` });
  return value;
}

/** A case as its file has it; what is empty is left out. */
export function formatCase({ name, state, signature, arch, space, passes, assignments, seen, gone, note, links }: Case): string {
  const lines = listLines(assignments).map((line) => `${line}\n`).join('');
  const entries = { name, state, signature, arch, space, passes, assignments: lines, seen, gone, note, links };
  return stringify(Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value.length > 0)), { lineWidth: 120, blockQuote: 'literal' });
}

/** Blank lines say nothing. */
function listLines(text: string): string[] {
  return text.split('\n').map((line) => line.trimEnd()).filter((line) => line !== '');
}

function isSeed(text: string): boolean {
  try {
    parseSeed(text);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function unreadable(file: string, error: unknown): UserError {
  return new UserError({ code: 'CASE_UNREADABLE', message: `the case cannot be read: ${error instanceof Error ? error.message : String(error)}`, place: { file } });
}
