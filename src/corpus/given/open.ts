import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseSeed } from '../../sampler/seed.ts';
import { UserError } from '../../util/errors.ts';
import { findingFiles } from '../../verdict/finding.ts';
import { casesFolder, loadCase, loadCases } from '../cases.ts';
import { givenOfCase } from './case.ts';
import { openFinding } from './finding.ts';
import { mostBytes } from './parts.ts';
import { readGiven, readGivenText } from './read.ts';
import type { Given } from './records.ts';

const wanted = 'a seed, a case, a .config, a fragment, a finding\'s folder, or a mail or text file is wanted';

/** Where cases are looked for by name, and which signatures mean something. */
export type GivenContext = { corpus: string; properties: readonly string[] };

/**
 * Reads what a user gives to be reproduced: a seed, a file, a finding's folder, `-` for standard input, a line of assignments,
 * KCONFIG_SEED=…, or the name of a case.
 *
 * @throws UserError
 */
export async function openGiven(what: string, { corpus, properties }: GivenContext): Promise<Given> {
  if (what.trim() === '') throw new UserError({ code: 'NOTHING_GIVEN', message: 'nothing was given', hint: wanted });
  if (what === '-') return readGiven('standard input', await readStandardInput(), properties);
  const found = await stat(what).catch(() => null);
  if (found?.isDirectory()) return openFinding(what, findingFiles.config);
  if (found !== null) return openFile(what, properties);
  if (/^["'`<]*kf\d+_\S*$/.test(what)) return givenOfSeed(what);
  if (/(?:^|[^A-Za-z0-9_])(?:kf\d+_|KCONFIG_SEED\s*=|CONFIG_\w+)/.test(what)) return readGivenText('the command line', what.split(/\s+(?=CONFIG_|# CONFIG_)/).join('\n'), properties);
  if (/^[a-z0-9][a-z0-9_-]*$/.test(what)) {
    const cases = await loadCases(corpus);
    const named = cases.find(({ name }) => name === what);
    if (named) return givenOfCase(named, join(corpus, casesFolder, `${what}.yaml`));
    throw new UserError({ code: 'UNKNOWN_CASE', message: `"${what}" is neither a seed, a file nor a case of ${join(corpus, casesFolder)}`, hint: cases.length > 0 ? `cases: ${cases.map(({ name }) => name).slice(0, 20).join(', ')}` : 'there are no cases yet' });
  }
  throw new UserError({ code: 'GIVEN_UNREADABLE', message: 'there is no such file', place: { file: what }, hint: wanted });
}

/** A seed as it was pasted. @throws UserError `SEED_MALFORMED` */
function givenOfSeed(text: string): Given {
  const seed = parseSeed(text);
  return {
    recipe: { kind: 'seed', seed }, place: { file: 'the command line' }, arch: null, space: seed.space.name, tree: seed.tree, toolchain: seed.toolchain,
    passes: [], signatures: [], config: null, script: null, aside: [],
  };
}

async function openFile(file: string, properties: readonly string[]): Promise<Given> {
  const name = basename(file);
  if (name === findingFiles.record) return openFinding(dirname(file), findingFiles.config);
  if (name === findingFiles.config || name === findingFiles.minimal) {
    const isOfFinding = (await stat(join(dirname(file), findingFiles.record)).catch(() => null)) !== null;
    if (isOfFinding) return openFinding(dirname(file), name);
  }
  if (/\.ya?ml$/.test(name)) return givenOfCase(await loadCase(file), file);
  return readGiven(file, await readBytes(file), properties);
}

async function readBytes(file: string): Promise<Uint8Array> {
  const { size } = await stat(file);
  if (size > mostBytes) throw new UserError({ code: 'GIVEN_UNREADABLE', message: `it is larger than ${mostBytes / 1024 ** 2} MiB`, place: { file }, hint: 'give the mail or the .config alone' });
  return readFile(file).catch((error: unknown) => {
    throw new UserError({ code: 'GIVEN_UNREADABLE', message: error instanceof Error ? error.message : String(error), place: { file } });
  });
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((size += chunk.length) > mostBytes) break;
  }
  return Buffer.concat(chunks);
}
