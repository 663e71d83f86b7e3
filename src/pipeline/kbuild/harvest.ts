import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isMissing, readTextIfAny } from '../../util/files.ts';
import type { Artifact, ArtifactKind, Part, Step } from '../records.ts';
import { parseCmdFile } from './cmd-file.ts';
import { readSteps } from './steps.ts';

/** What a build left behind: the executed commands, the files that matter, and `.cmd` files that tell no command. */
export type Harvest = { steps: Step[]; artifacts: Artifact[]; unreadable: string[] };

/**
 * Reads what the targets left in an objtree, the `.cmd` files in the order in which kbuild wrote them. `inside` is the
 * objtree's path as the commands saw it.
 */
export async function harvestObjtree(objtree: string, inside: string, targets: readonly string[]): Promise<Harvest> {
  const files = targets.some((target) => wholes.has(target)) ? await listWhole(objtree) : await listDirectories(objtree, targets);
  const modules = await readModuleObjects(objtree, files);
  const partOf = (path: string): Part => (modules.has(path) ? 'module' : 'builtin');
  const steps: Step[] = [];
  const unreadable: string[] = [];
  for (const file of await sortByTime(objtree, files.filter((path) => path.endsWith('.cmd')))) {
    const cmd = parseCmdFile((await readTextIfAny(join(objtree, file))) ?? '');
    if (cmd === null) unreadable.push(file);
    else steps.push(...readSteps(cmd, inside).map((step, index) => ({ ...step, index: steps.length + index })));
  }
  return { steps, artifacts: findArtifacts(steps, files, partOf), unreadable };
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
    if (path === 'vmlinux.o' || path === 'vmlinux') add(path, 'kernel', 'builtin');
    else if (path.endsWith('.o')) add(path, 'c-object', partOf(path));
    if (path.endsWith('.ko')) add(path, 'module', 'module');
  }
  return [...artifacts.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** `X.mod` lists the objects of module X: kbuild's own word on what is part of a module. */
async function readModuleObjects(objtree: string, files: readonly string[]): Promise<Set<string>> {
  const lists = await Promise.all(files.filter((path) => path.endsWith('.mod')).map((path) => readTextIfAny(join(objtree, path))));
  return new Set(lists.flatMap((list) => (list ?? '').split('\n')).filter((line) => line !== ''));
}

/** Targets that gather objects from everywhere. */
const wholes = new Set(['vmlinux', 'modules', 'all']);

async function listDirectories(objtree: string, targets: readonly string[]): Promise<string[]> {
  const directories = new Set(['rust', ...targets.filter((target) => target.endsWith('/')).map((target) => target.slice(0, -1))]);
  return (await Promise.all([...directories].map((directory) => listFiles(objtree, directory)))).flat();
}

/** Where Rust is, where the kernel and its modules are linked, and all modules. The other objects, thousands, are C's alone. */
async function listWhole(objtree: string): Promise<string[]> {
  const files = (await listFiles(objtree, '')).filter((path) => !/^(?:scripts|tools)\//.test(path));
  const objects = files.filter((path) => path.endsWith('.o.cmd') && !path.startsWith('rust/'));
  const isRust = await Promise.all(objects.map(async (path) => compilesRust.test((await readTextIfAny(join(objtree, path))) ?? '')));
  const directories = new Set(objects.filter((_, index) => isRust[index]).map(dirname));
  const isOfLink = (path: string) => ['vmlinux', 'vmlinux.unstripped', 'vmlinux.o', 'Module.symvers'].some((name) => path === name || path === `.${name}.cmd`);
  return files.filter((path) => path.startsWith('rust/') || directories.has(dirname(path)) || /\.ko(?:\.cmd)?$/.test(path) || isOfLink(path));
}

/** As kbuild begins it: `savedcmd_X.o := OBJTREE=… RUST_MODFILE=… rustc …`. */
const compilesRust = /^savedcmd_.*\bRUST_MODFILE=/m;

async function listFiles(objtree: string, directory: string): Promise<string[]> {
  const entries = await readdir(join(objtree, directory), { withFileTypes: true, recursive: true }).catch((error: unknown) => {
    // A target that the config does not have leaves no directory.
    if (isMissing(error)) return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(objtree.length + 1));
}

async function sortByTime(objtree: string, files: readonly string[]): Promise<string[]> {
  const timed = await Promise.all(files.map(async (file) => ({ file, time: (await stat(join(objtree, file), { bigint: true })).mtimeNs })));
  timed.sort((left, right) => (left.time === right.time ? (left.file < right.file ? -1 : 1) : left.time < right.time ? -1 : 1));
  return timed.map(({ file }) => file);
}
