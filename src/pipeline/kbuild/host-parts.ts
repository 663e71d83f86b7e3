import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { enterToolchain } from '../../tree/enter.ts';
import type { Arch, Toolchain, Tree } from '../../tree/records.ts';
import { hashText } from '../../util/hash.ts';
import { makeWholeDirectory } from '../../util/files.ts';
import { readCommand } from '../../util/process.ts';

/**
 * What a build makes for the host that builds: objtool, the libraries of procedural macros, and the macros themselves. The
 * same for every configuration, or nearly. With them go the files by which kbuild tells which options have changed since, so
 * that it makes anew what depends on one of these.
 */
const hostParts = /^(?:tools\/objtool|rust\/host|rust\/\.?lib\w+\.so(?:\.cmd)?|include\/config)$/;

/** Where they are kept, and for which objtree. `store`: a host directory, which need not exist. */
export type HostParts = { store: string; objtree: string; toolchain: Toolchain; signal: AbortSignal };

/** The directory below `cache` for a tree, toolchain and architecture; null where a recorded command could name another objtree. */
export function placeHostParts(cache: string, tree: Tree, toolchain: Toolchain, arch: Arch): string | null {
  if (tree.kind !== 'kernel' || !toolchain.isSandboxed) return null;
  return join(cache, 'host-parts', `${hashText(`${tree.fingerprint} ${toolchain.fingerprint}`).slice(0, 16)}-${arch}`);
}

/** Puts the host's parts of an earlier build into an empty objtree, where there are any. */
export async function seedHostParts(parts: HostParts): Promise<void> {
  if (await exists(parts.store)) await copyAll(parts, parts.store, parts.objtree, ['.']);
}

/** Keeps the host's parts of a build that has succeeded, once. */
export async function keepHostParts(parts: HostParts): Promise<void> {
  if (await exists(parts.store)) return;
  const found = (await Promise.all(['tools', 'rust', 'include'].map((directory) => listEntries(parts.objtree, directory)))).flat().filter((path) => hostParts.test(path));
  if (found.length === 0) return;
  await makeWholeDirectory(parts.store, async (partial) => {
    // What is renamed must be whole: `cp` works in a directory below.
    const kept = join(partial, 'parts');
    await mkdir(kept);
    await copyAll(parts, parts.objtree, kept, found);
    return kept;
  });
}

/** With times to the nanosecond, so that what was up to date stays so; in the sandbox, since what a tree built names the files. */
async function copyAll({ toolchain, signal }: HostParts, from: string, to: string, paths: readonly string[]): Promise<void> {
  const places = { source: null, objtree: null, extra: { readOnly: [{ from, to: '/run/from' }], writable: [{ from: to, to: '/run/to' }] } };
  const sandbox = { ...enterToolchain(toolchain, places), cwd: '/run/from' };
  await readCommand({ argv: ['cp', '-a', '--parents', '--reflink=auto', '--', ...paths, '/run/to'], sandbox, timeoutMs: 5 * 60_000, signal });
}

async function listEntries(objtree: string, directory: string): Promise<string[]> {
  const names: string[] = await readdir(join(objtree, directory)).catch(() => []);
  return names.map((name) => `${directory}/${name}`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(() => true, () => false);
}
