import { chmod, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterToolchain, placesInside } from '../tree/enter.ts';
import { makeArgv } from '../tree/make.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { readCommand } from '../util/process.ts';

/** Environment variables, one character a byte. */
export type Environment = Record<string, string>;

export type EnvironmentRequest = { tree: Tree; toolchain: Toolchain; arch: Arch; signal: AbortSignal };

/** Says where a shell stands, not what it was told. */
const ownToShells = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD']);
const timeoutMs = 600_000;

/** The environment that a tree's build gives to `conf`, in which Kconfig files and their probes see it. */
export async function captureEnvironment(request: EnvironmentRequest): Promise<Environment> {
  if (request.tree.kind === 'embedded') return embeddedEnvironment(request);
  const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-environment-'));
  try {
    return await buildJudge(request, objtree);
  } finally {
    await rm(objtree, { recursive: true, force: true });
  }
}

/** Where {@link buildJudge} leaves the kernel's `conf` in its objtree. */
export const judgePath = 'scripts/kconfig/conf.real';

/**
 * Has the tree build its `conf` in an objtree, puts a stand-in in its place, and lets `make` start that one as it
 * would start `conf`: so the environment is what the Makefiles export, whatever they export.
 */
export async function buildJudge({ tree, toolchain, arch, signal }: EnvironmentRequest, objtree: string): Promise<Environment> {
  const places = { source: tree, objtree };
  const inside = placesInside(toolchain, places).objtree;
  const make = async (target: string) => {
    const sandbox = enterToolchain(toolchain, places);
    await readCommand({ argv: makeArgv(toolchain, arch, places, [target]), sandbox, timeoutMs, signal });
  };
  await make('build_config');
  const conf = join(objtree, 'scripts/kconfig/conf');
  await rename(conf, join(objtree, judgePath));
  await writeFile(conf, `#!/bin/sh\nenv -0 >${inside}/kinfuzz-environment\n`);
  await chmod(conf, 0o755);
  await make('olddefconfig');
  const text = await readFile(join(objtree, 'kinfuzz-environment'), 'latin1').catch(() => '');
  const entries = text.split('\0').flatMap((entry): [string, string][] => {
    const equals = entry.indexOf('=');
    return equals < 1 || ownToShells.has(entry.slice(0, equals)) ? [] : [[entry.slice(0, equals), entry.slice(equals + 1)]];
  });
  if (entries.length === 0) throw new InfraError('NO_ENVIRONMENT', 'make did not start the stand-in for conf');
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** The embedded tree has no Makefile: kinfuzz itself says what its Kconfig may ask. */
export function embeddedEnvironment({ tree, toolchain, arch }: Omit<EnvironmentRequest, 'signal'>): Environment {
  const { source } = placesInside(toolchain, { source: tree, objtree: null });
  return {
    srctree: source,
    ARCH: arch,
    SRCARCH: arch === 'x86_64' ? 'x86' : arch,
    CC: toolchain.tools.clang?.path ?? 'clang',
    RUSTC: toolchain.tools.rustc?.path ?? 'rustc',
    PAHOLE: toolchain.tools.pahole?.path ?? 'pahole',
    KERNELVERSION: '7.3.0',
  };
}
