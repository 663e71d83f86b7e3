import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfAny } from '../../util/files.ts';
import type { Artifact, ArtifactKind, Part, Step } from '../records.ts';
import { parseCmdFile } from './cmd-file.ts';
import { readSteps } from './steps.ts';

/** What a build left behind: the executed commands and the files that matter. */
export type Harvest = { steps: Step[]; artifacts: Artifact[] };

/**
 * Reads the `.cmd` files below the given directories of an objtree, in the order in which kbuild wrote them. `inside`
 * is the objtree's path as the commands saw it.
 */
export async function harvestObjtree(objtree: string, inside: string, directories: readonly string[]): Promise<Harvest> {
  const files = (await Promise.all(directories.map((directory) => listFiles(objtree, directory)))).flat();
  const modules = await readModuleObjects(objtree, files);
  const partOf = (path: string): Part => (modules.has(path) ? 'module' : 'builtin');
  const steps: Step[] = [];
  for (const file of await sortByTime(objtree, files.filter((path) => path.endsWith('.cmd')))) {
    const cmd = parseCmdFile((await readTextIfAny(join(objtree, file))) ?? '');
    if (cmd !== null) steps.push(...readSteps(cmd, inside).map((step, index) => ({ ...step, index: steps.length + index })));
  }
  return { steps, artifacts: findArtifacts(steps, files, partOf) };
}

function findArtifacts(steps: readonly Step[], files: readonly string[], partOf: (path: string) => Part): Artifact[] {
  const present = new Set(files);
  const artifacts = new Map<string, Artifact>();
  const add = (path: string, kind: ArtifactKind, part: Part) => {
    if (present.has(path) && !artifacts.has(path)) artifacts.set(path, { path, kind, part });
  };
  for (const { role, target, outputs } of steps) {
    if (role === 'helpers') add(target, 'helper-bitcode', target.endsWith('_module.bc') ? 'module' : 'builtin');
    if (role === 'crate') {
      add(target, 'rust-object', partOf(target));
      for (const path of outputs.filter((output) => output.endsWith('.bc'))) add(path, 'crate-bitcode', partOf(target));
    }
    if (role === 'link') for (const path of outputs) add(path, 'linked-bitcode', partOf(target));
    if (role === 'exports') add(target, 'exports', 'builtin');
  }
  for (const path of files) {
    if (path.endsWith('.o')) add(path, 'c-object', partOf(path));
    if (path.endsWith('.ko')) add(path, 'module', 'module');
  }
  return [...artifacts.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** `X.mod` lists the objects of module X: kbuild's own word on what is part of a module. */
async function readModuleObjects(objtree: string, files: readonly string[]): Promise<Set<string>> {
  const lists = await Promise.all(files.filter((path) => path.endsWith('.mod')).map((path) => readTextIfAny(join(objtree, path))));
  return new Set(lists.flatMap((list) => (list ?? '').split('\n')).filter((line) => line !== ''));
}

async function listFiles(objtree: string, directory: string): Promise<string[]> {
  const entries = await readdir(join(objtree, directory), { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(objtree.length + 1));
}

async function sortByTime(objtree: string, files: readonly string[]): Promise<string[]> {
  const timed = await Promise.all(files.map(async (file) => ({ file, time: (await stat(join(objtree, file), { bigint: true })).mtimeNs })));
  timed.sort((left, right) => (left.time === right.time ? (left.file < right.file ? -1 : 1) : left.time < right.time ? -1 : 1));
  return timed.map(({ file }) => file);
}
