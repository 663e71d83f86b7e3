import { join } from 'node:path';
import { enterToolchain } from '../tree/enter.ts';
import { makeArgv } from '../tree/make.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { readTextIfAny, writeAtomic } from '../util/files.ts';
import { type Exit, hasSucceeded, runCommand } from '../util/process.ts';
import { embeddedEnvironment } from './environment.ts';

/** The judge: `conf` itself, whose word counts. */
export type ResolveRequest = {
  tree: Tree;
  toolchain: Toolchain;
  arch: Arch;
  /** Assignments as a `.config` fragment; whatever it leaves open gets its default. */
  fragment: string;
  /** Empty host directory; afterwards holds `.config`. */
  objtree: string;
  timeoutMs: number;
  signal: AbortSignal;
};

/** What the kernel's own `conf --olddefconfig` made of a fragment. */
export type Resolution =
  | { kind: 'resolved'; config: string; warnings: string }
  | { kind: 'failed'; exit: Exit; log: string };

/** Resolves a fragment by the kernel's own `conf`: through `make` on a kernel, directly on the embedded tree. */
export async function resolveConfig(request: ResolveRequest): Promise<Resolution> {
  await writeAtomic(join(request.objtree, '.config'), request.fragment);
  return runJudge(request, 'olddefconfig', {});
}

/** What `make randconfig` draws with these variables (`KCONFIG_SEED`, `KCONFIG_PROBABILITY`). */
export async function drawByJudge(request: Omit<ResolveRequest, 'fragment'>, variables: Record<string, string>): Promise<Resolution> {
  return runJudge(request, 'randconfig', variables);
}

async function runJudge(request: Omit<ResolveRequest, 'fragment'>, mode: 'olddefconfig' | 'randconfig', variables: Record<string, string>): Promise<Resolution> {
  const { tree, toolchain, arch, objtree } = request;
  const places = { source: tree, objtree };
  const isKernel = tree.kind === 'kernel';
  const argv = isKernel ? makeArgv(toolchain, arch, places, [mode]) : confArgv(toolchain, mode);
  const env = { ...(isKernel ? {} : embeddedEnvironment({ tree, toolchain, arch })), ...variables };
  const { exit, stdout, stderr } = await runCommand({
    argv,
    sandbox: enterToolchain(toolchain, places, env),
    timeoutMs: request.timeoutMs,
    signal: request.signal,
  });
  const config = await readTextIfAny(join(objtree, '.config'));
  if (!hasSucceeded(exit) || config === null) return { kind: 'failed', exit, log: `${stdout}${stderr}` };
  // On a full disk conf writes what fits, and exits with 0.
  if (!isWhole(config)) throw new InfraError('CONF_INCOMPLETE', `conf left a .config of ${config.length} characters without its head or its end`);
  return { kind: 'resolved', config, warnings: stderr };
}

function isWhole(config: string): boolean {
  return config.startsWith('#\n# Automatically generated file; DO NOT EDIT.\n') && config.endsWith('\n');
}

function confArgv(toolchain: Toolchain, mode: string): string[] {
  const conf = toolchain.tools.conf?.path;
  if (conf === undefined) throw new InfraError('TOOL_MISSING', 'the toolchain has no conf');
  return [conf, `--${mode}`, 'Kconfig'];
}
