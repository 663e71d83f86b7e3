import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from '../../src/kconfig/resolve.ts';
import { buildEmbedded } from '../../src/pipeline/embedded/run.ts';
import type { Build, Mutant } from '../../src/pipeline/records.ts';
import { findHostToolchain } from '../../src/tree/host.ts';
import { type Arch, type Toolchain, type Tree, usualMounts } from '../../src/tree/records.ts';

/** The miniature tree. Its fingerprint is of no account where nothing is cached. */
export const embeddedTree: Tree = {
  kind: 'embedded',
  spec: 'embedded',
  directory: fileURLToPath(new URL('../../corpus/embedded', import.meta.url)),
  version: null,
  fingerprint: '0'.repeat(64),
};

const signal = new AbortController().signal;
let found: Promise<Toolchain> | null = null;

/** The host's own tools, looked for once. */
export function hostToolchain(): Promise<Toolchain> {
  return (found ??= findHostToolchain({ isSandboxed: true, signal }));
}

/** Runs something with an empty directory that is gone afterwards. */
export async function withDirectory<T>(run: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'kinfuzz-test-'));
  try {
    return await run(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What the kernel's own `conf` makes of a fragment on the miniature tree. */
export async function resolveEmbedded(arch: Arch, fragment: string): Promise<string> {
  const toolchain = await hostToolchain();
  return withDirectory(async (objtree) => {
    const resolution = await resolveConfig({ tree: embeddedTree, toolchain, arch, fragment, objtree, timeoutMs: 60_000, signal });
    if (resolution.kind === 'failed') throw new Error(resolution.log);
    return resolution.config;
  });
}

export type EmbeddedBuild = { arch: Arch; config: string; objtree: string; mutant?: Mutant | null; timeoutMs?: number; signal?: AbortSignal };

/** Builds a resolved config of the miniature tree with the host's tools. */
export async function buildOnHost(wanted: EmbeddedBuild): Promise<Build> {
  return buildEmbedded({
    tree: embeddedTree,
    toolchain: await hostToolchain(),
    arch: wanted.arch,
    config: wanted.config,
    objtree: wanted.objtree,
    mounts: usualMounts,
    targets: [],
    jobserver: null,
    timeoutMs: wanted.timeoutMs ?? 120_000,
    signal: wanted.signal ?? signal,
    mutant: wanted.mutant ?? null,
  });
}
