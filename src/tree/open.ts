import { access, mkdir, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../util/errors.ts';
import { isDirectory, readTextIfAny, writeAtomic } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import type { SetUp } from './cache.ts';
import { openDebianSource } from './debian-source.ts';
import { fingerprintTree, readTreeState } from './fingerprint.ts';
import type { Tree } from './records.ts';

/** A tree that is ready to be built, and its state on disk when it was opened, for {@link ensureUnchanged}. */
export type OpenTree = { tree: Tree; state: string };

const debianTrees = ['linux-source-7.3', 'linux-source-7.2'];

/**
 * Opens `embedded`, a copy of it (`embedded:DIRECTORY`), `debian:linux-source-7.3` (fetched first where it is missing) or a directory.
 *
 * @throws UserError for a tree that is unknown, not a kernel, without the option, or not clean
 */
export async function openTree(setUp: SetUp, spec: string, embedded: string): Promise<OpenTree> {
  if (spec === 'embedded') return open(setUp, { kind: 'embedded', spec, directory: embedded, version: null });
  const copy = /^embedded:(.+)$/.exec(spec)?.[1];
  if (copy !== undefined) return openCopy(setUp, resolve(copy));
  const name = /^debian:(.+)$/.exec(spec)?.[1];
  if (name !== undefined && !debianTrees.includes(name)) {
    throw new UserError({ code: 'UNKNOWN_TREE', message: `no Debian source package "${name}" is known`, hint: `known: ${debianTrees.map((known) => `debian:${known}`).join(', ')}` });
  }
  if (spec.trim() === '') throw new UserError({ code: 'UNKNOWN_TREE', message: 'the name of the tree is empty', hint: 'use embedded, debian:linux-source-7.3 or a directory' });
  const directory = name === undefined ? resolve(spec) : await openDebianSource(setUp, name);
  if (!(await isDirectory(directory))) {
    throw new UserError({ code: 'UNKNOWN_TREE', message: `"${spec}" is neither a directory nor a tree that kinfuzz knows`, hint: `use embedded, ${debianTrees.map((known) => `debian:${known}`).join(', ')} or a kernel's directory` });
  }
  const version = await readKernelVersion(directory);
  await requireOption(directory, version);
  await requireClean(directory);
  return open(setUp, { kind: 'kernel', spec: name === undefined ? directory : spec, directory, version });
}

/** A copy of the embedded tree with changes of its own: a defect that a test puts in. */
async function openCopy(setUp: SetUp, directory: string): Promise<OpenTree> {
  if (!(await isDirectory(directory))) throw new UserError({ code: 'UNKNOWN_TREE', message: `"${directory}" is no directory`, hint: 'name a copy of corpus/embedded' });
  await requireOption(directory, 'as embedded');
  return open(setUp, { kind: 'embedded', spec: `embedded:${directory}`, directory, version: null });
}

/** @throws UserError `TREE_CHANGED` where a file of the tree is not what it was when the tree was opened */
export async function ensureUnchanged({ tree, state }: OpenTree, signal: AbortSignal): Promise<void> {
  if ((await readTreeState(tree.directory, signal)) === state) return;
  throw new UserError({ code: 'TREE_CHANGED', message: `the tree ${tree.spec} is being modified while it is built: what was judged since would be of no tree in particular`, hint: 'let the tree rest (or work on a copy), then start again; --resume keeps the verdicts of the unchanged tree' });
}

/** The directory that a seed's tree fingerprint was last seen at on this machine, for trees named by a path. */
export async function recallTree(cache: string, fingerprint: string): Promise<string | null> {
  const directory = join(cache, 'tree-specs');
  const names: string[] = await readdir(directory).catch(() => []);
  const name = names.find((entry) => entry.startsWith(fingerprint));
  return name === undefined ? null : readTextIfAny(join(directory, name));
}

async function open(setUp: SetUp, place: Omit<Tree, 'fingerprint'>): Promise<OpenTree> {
  const { fingerprint, state } = await fingerprintTree(place.directory, setUp.cache, setUp.signal);
  const memo = join(setUp.cache, 'tree-specs', fingerprint);
  await mkdir(join(setUp.cache, 'tree-specs'), { recursive: true });
  if ((await readTextIfAny(memo)) !== place.spec) await writeAtomic(memo, place.spec);
  return { tree: { ...place, fingerprint }, state };
}

async function readKernelVersion(directory: string): Promise<string> {
  const makefile = await readTextIfAny(join(directory, 'Makefile'));
  const field = (name: string) => new RegExp(`^${name} = *(.*)$`, 'm').exec(makefile ?? '')?.[1]?.trim();
  const [version, patch, sub] = ['VERSION', 'PATCHLEVEL', 'SUBLEVEL'].map(field);
  if (version === undefined || patch === undefined) {
    throw new UserError({ code: 'NOT_A_KERNEL', message: `${directory} is no kernel source tree`, place: { file: join(directory, 'Makefile') }, hint: 'its Makefile must set VERSION and PATCHLEVEL' });
  }
  return `${version}.${patch}.${sub ?? 0}${field('EXTRAVERSION') ?? ''}`;
}

/** The option came with Linux 7.1; a tree without it has nothing to fuzz. */
async function requireOption(directory: string, version: string): Promise<void> {
  const file = join(directory, 'lib/Kconfig.debug');
  if (/^config RUST_INLINE_HELPERS$/m.test((await readTextIfAny(file)) ?? '')) return;
  throw new UserError({ code: 'OPTION_MISSING', message: `Linux ${version} has no RUST_INLINE_HELPERS: the option came with 7.1`, place: { file }, hint: 'use a tree of 7.1 or later' });
}

/** kbuild refuses `O=` builds of a tree that was built in itself. */
async function requireClean(directory: string): Promise<void> {
  for (const leftover of ['.config', 'include/config', 'include/generated']) {
    const isThere = await access(join(directory, leftover)).then(() => true, () => false);
    if (isThere) throw new UserError({ code: 'TREE_NOT_CLEAN', message: 'the tree was built in itself; builds elsewhere need a clean one', place: { file: join(directory, leftover) }, hint: `run: make -C ${directory} mrproper` });
  }
}

/** A short name of a tree for seeds and folders: `embedded`, `linux-source-7.3`, or the directory's own; `embedded-` before that of a copy. */
export function nameTree({ spec }: Pick<Tree, 'spec'>): string {
  const copy = spec.startsWith('embedded:') ? 'embedded-' : '';
  const base = `${copy}${spec.replace(/^debian:/, '').split('/').at(-1) ?? ''}`;
  return base.replaceAll(/[^A-Za-z0-9.-]+/g, '-') || hashText(spec).slice(0, 8);
}
