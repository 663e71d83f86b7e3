import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readTextIfAny } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import type { Tree } from './records.ts';

/** One change to a file of a tree, told in few words: `find` has to be met in it exactly `times` times. */
export type Edit = { file: string; find: RegExp; replace: string; times: number };

/** Why edits cannot be made: the tree is another than the one they were written for. */
export type Misfit = { misfit: string };

/**
 * The tree as it would be with the edits. What they change is written below an empty directory, to be mounted over the
 * tree's own files; the tree itself is not touched.
 */
export async function editTree(tree: Tree, edits: readonly Edit[], directory: string): Promise<Tree | Misfit> {
  const texts = new Map<string, string>();
  for (const { file, find, replace, times } of edits) {
    const text = texts.get(file) ?? (await readTextIfAny(join(tree.directory, file)));
    if (text === null) return { misfit: `this tree has no ${file}` };
    const pattern = new RegExp(find, [...new Set(`${find.flags}g`)].join(''));
    const met = [...text.matchAll(pattern)].length;
    if (met !== times) return { misfit: `this tree's ${file} has ${met === 0 ? 'no' : met} ${String(find)}${met === 0 ? '' : `, not ${times}`}` };
    texts.set(file, text.replace(pattern, () => replace));
  }
  return { ...tree, ...(await writeFiles(texts, directory)), fingerprint: hashText(JSON.stringify([tree.fingerprint, ...texts])) };
}

async function writeFiles(texts: ReadonlyMap<string, string>, directory: string): Promise<Pick<Tree, 'edited'>> {
  const edited: Record<string, string> = {};
  for (const [file, text] of texts) {
    const path = join(directory, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    edited[file] = path;
  }
  return { edited };
}
