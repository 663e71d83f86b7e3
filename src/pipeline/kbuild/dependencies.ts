import { join, posix } from 'node:path';
import { readTextIfAny } from '../../util/files.ts';
import { parseCmdFile } from './cmd-file.ts';

/** Options that can change some files of an objtree, as the `.cmd` files beside them say; none where there is no such file. */
export async function readDependencies(objtree: string, paths: readonly string[]): Promise<Set<string>> {
  const files = new Set(paths.filter((path) => /^[\w./+-]+$/.test(path) && !posix.isAbsolute(path) && !path.includes('..')).map((path) => posix.join(posix.dirname(path), `.${posix.basename(path)}.cmd`)));
  const texts = await Promise.all([...files].map((file) => readTextIfAny(join(objtree, file)).catch(() => null)));
  return new Set(texts.flatMap((text) => (text === null ? [] : (parseCmdFile(text)?.options ?? []))));
}
