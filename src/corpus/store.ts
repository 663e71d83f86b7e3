import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { makeDirectory, writeAtomic } from '../util/files.ts';
import { withLock } from '../util/lock.ts';
import { type Case, type CaseState, casesFolder, formatCase, identityOf, loadCases, parseCase, type Sighting } from './cases.ts';
import { addSighting, freeName, sortByName } from './merge.ts';

/**
 * Changes the cases of a corpus directory, which is made where there is none. No other process changes them meanwhile, and
 * only files whose case has changed are written, each whole or not at all.
 *
 * @throws UserError of a case that cannot be read; `CORPUS_UNWRITABLE`
 */
export async function updateCases(corpus: string, change: (cases: readonly Case[]) => readonly Case[]): Promise<Case[]> {
  const directory = join(corpus, casesFolder);
  await makeDirectory(directory).catch((error: unknown) => {
    throw new UserError({ code: 'CORPUS_UNWRITABLE', message: `the corpus cannot be written: ${error instanceof Error ? error.message : String(error)}`, place: { file: corpus }, hint: 'name another with --corpus' });
  });
  return withLock(join(corpus, '.lock'), async () => {
    const cases = await loadCases(corpus);
    const before = new Map(cases.map((one) => [one.name, formatCase(one)]));
    const after = sortByName(change(cases));
    const fileOf = (name: string) => join(directory, `${name}.yaml`);
    const changed = after.map((one) => ({ file: fileOf(one.name), name: one.name, text: formatCase(one) })).filter(({ name, text }) => before.get(name) !== text);
    // What could not be read again would be in everybody's way.
    for (const { file, text } of changed) parseCase(text, file);
    for (const { file, text } of changed) await writeAtomic(file, text);
    const names = new Set(after.map(({ name }) => name));
    for (const name of before.keys()) if (!names.has(name)) await rm(fileOf(name));
    return after;
  });
}

/** A failure that was met, as it would become a case. */
export type Found = Omit<Case, 'name' | 'state' | 'seen' | 'gone'> & { sighting: Sighting | null };

/** `no-helper-identity-79052f01-x86_64` */
export function nameCase({ signature, arch }: Pick<Case, 'signature' | 'arch'>): string {
  return `${signature.replace(':', '-')}-${arch}`;
}

/**
 * One open case more, or where there is one of the same signature and architecture, one sighting more of that: what shows a
 * defect in the fewest assignments is for `minimize` to say, not for the order in which it was met.
 */
export function addFound(cases: readonly Case[], { sighting, ...found }: Found, name: string): { cases: Case[]; name: string; isNew: boolean } {
  const known = cases.find(({ signature, arch }) => signature === found.signature && arch === found.arch);
  if (known) {
    const now = sighting === null ? known : addSighting(known, 'seen', sighting);
    return { cases: cases.map((one) => (one === known ? now : one)), name: known.name, isNew: false };
  }
  return addCase(cases, { ...found, name, state: 'open', seen: sighting === null ? [] : [sighting], gone: [] });
}

/** A case that is added whatever others there are; the same one is not added twice. */
export function addCase(cases: readonly Case[], wanted: Case): { cases: Case[]; name: string; isNew: boolean } {
  const identity = identityOf(wanted);
  const same = cases.find((one) => identityOf(one) === identity);
  if (same) return { cases: [...cases], name: same.name, isNew: false };
  const name = freeName(wanted.name, identity, new Set(cases.map((one) => one.name)));
  return { cases: [...cases, { ...wanted, name }], name, isNew: true };
}

/** What somebody says of a case. */
export type Remark = { state?: CaseState; note?: string; links: readonly string[] };

/** The case with what is said of it: state and note instead of its own, links beside them. `changed`: what that changes, in words. */
export function remark(one: Case, { state = one.state, note = one.note, links }: Remark): { one: Case; changed: string[] } {
  const fresh = [...new Set(links)].filter((link) => !one.links.includes(link));
  const changed = [
    ...(state === one.state ? [] : [`${state}, was ${one.state}`]),
    ...(note === one.note ? [] : [one.note === undefined ? 'note added' : 'note replaced']),
    ...fresh.map((link) => `link added: ${link}`),
  ];
  return { one: { ...one, state, links: [...one.links, ...fresh], ...(note === undefined ? {} : { note }) }, changed };
}
