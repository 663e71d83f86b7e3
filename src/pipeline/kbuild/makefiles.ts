import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch, Tree } from '../../tree/records.ts';
import { readTextIfAny } from '../../util/files.ts';

/**
 * Options of which the tree's Makefiles speak where they give a tool one of these words: on the same line, in the
 * conditionals around it, or where the file is included. Only those Makefiles that all files are made with are read.
 */
export async function findOptionsOfWords({ directory }: Pick<Tree, 'directory'>, arch: Arch, words: readonly string[]): Promise<Set<string>> {
  if (words.length === 0) return new Set();
  const pattern = new RegExp(`(?<![\\w=-])(?:${words.map((word) => word.replaceAll(/[^\w-]/g, String.raw`\$&`)).join('|')})(?![\\w=-])`);
  const scripts: string[] = await readdir(join(directory, 'scripts')).catch(() => []);
  const names = ['Makefile', `arch/${arch === 'x86_64' ? 'x86' : arch}/Makefile`, 'rust/Makefile', ...scripts.filter((name) => name.startsWith('Makefile.')).map((name) => `scripts/${name}`)];
  const files = await Promise.all(names.map(async (name) => ({ name, text: (await readTextIfAny(join(directory, name))) ?? '' })));
  const includes = new Map(files.flatMap(({ text }) => Array.from(text.matchAll(/^include-\$\(CONFIG_(\w+)\)\s*\+=\s*(\S+)/gm), ([, option = '', file = '']): [string, string] => [file, option])));
  return new Set(files.flatMap(({ name, text }) => {
    const found = findInText(text, pattern);
    const condition = includes.get(name);
    return found !== null && condition !== undefined ? [condition, ...found] : (found ?? []);
  }));
}

/** Null where no line matches. */
function findInText(text: string, pattern: RegExp): string[] | null {
  const around: string[][] = [];
  let found: string[] | null = null;
  for (const line of text.replaceAll('\\\n', ' ').split('\n').map((one) => one.replace(/^\s*#.*/, ''))) {
    const options = Array.from(line.matchAll(/CONFIG_(\w+)/g), ([, option = '']) => option);
    if (/^\s*(?:ifdef|ifndef|ifeq|ifneq)\b/.test(line)) around.push(options);
    else if (/^\s*else\b/.test(line)) around.at(-1)?.push(...options);
    else if (/^\s*endif\b/.test(line)) around.pop();
    else if (pattern.test(line)) found = [...(found ?? []), ...options, ...around.flat()];
  }
  return found;
}
