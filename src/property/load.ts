import { readdir } from 'node:fs/promises';
import { parse, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../util/errors.ts';
import { isMissing } from '../util/files.ts';

/** What a directory's files must hold. `members` maps each required member of the default export to its `typeof`. */
export type Shape = { what: string; members: Readonly<Record<string, 'string' | 'boolean' | 'function' | 'object'>> };

/**
 * The default exports of a directory's `.ts` files, in the order of their names. Each has to be of the given shape and
 * be called what its file is called, so that a name on a report leads to a file.
 *
 * @throws UserError `DIRECTORY_MISSING`, `FILE_FAILS` (does not load), `SHAPE_WRONG`
 */
export async function loadByFile<T extends { name: string }>(directory: string, shape: Shape): Promise<T[]> {
  const files = await listFiles(directory, shape);
  return Promise.all(files.map((file) => loadFile<T>(file, shape)));
}

async function listFiles(directory: string, { what }: Shape): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
    return names.filter((name) => name.endsWith('.ts')).map((name) => resolve(directory, name)).sort();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UserError({
      code: 'DIRECTORY_MISSING',
      message: `there is no directory of ${what} files here`,
      place: { file: directory },
    });
  }
}

async function loadFile<T extends { name: string }>(file: string, { what, members }: Shape): Promise<T> {
  const loaded: unknown = await importDefault(file, what);
  const wrong = (message: string) =>
    new UserError({ code: 'SHAPE_WRONG', message, place: { file }, hint: `a ${what} is the file's default export` });
  if (typeof loaded !== 'object' || loaded === null) throw wrong(`the default export is no ${what}`);
  for (const [member, type] of Object.entries(members)) {
    const value = (loaded as Record<string, unknown>)[member];
    const found = value === null ? 'null' : typeof value;
    if (found !== type) throw wrong(`'${member}' of a ${what} is a ${type}, here it is ${found}`);
  }
  const { name } = loaded as T;
  const expected = parse(file).name;
  if (name !== expected) throw wrong(`the ${what} is called '${name}' but its file '${expected}'`);
  return loaded as T;
}

async function importDefault(file: string, what: string): Promise<unknown> {
  try {
    const module = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as { default?: unknown };
    return module.default;
  } catch (error) {
    throw new UserError({ code: 'FILE_FAILS', message: `the ${what} does not load: ${String(error)}`, place: { file } });
  }
}
