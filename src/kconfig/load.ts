import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterToolchain, placesInside } from '../tree/enter.ts';
import { requireTools } from '../tree/probe-tools.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { type Command, formatExit, lastLines, runCommand } from '../util/process.ts';
import { readBytes } from './conf-io.ts';
import { captureEnvironment, type Environment } from './environment.ts';
import type { FileReader } from './includes.ts';
import type { Model } from './model.ts';
import type { Output } from './output.ts';
import { findProbe, noOverrides, type Overrides } from './overrides.ts';
import { ProbeStore } from './probe-store.ts';
import { parseWithProbes, type ProbeAnswer } from './probes.ts';

export type LoadRequest = {
  tree: Tree;
  toolchain: Toolchain;
  arch: Arch;
  /** kinfuzz's cache folder. */
  cache: string;
  signal: AbortSignal;
  /** Receives what `conf` would print while parsing. */
  output: Output;
};

/**
 * `probesRun`: commands that no earlier run had asked. `overridden`: which of the overrides' probes and variables the
 * tree has asked for.
 */
export type Loaded = { model: Model; environment: Environment; answers: ReadonlyMap<string, ProbeAnswer>; probesRun: number; overridden: ReadonlySet<string> };

const probeTimeoutMs = 600_000;

/**
 * The model of a tree for an architecture and a toolchain. The environment and the probes' answers are taken from the
 * cache folder; what is not there is found out inside the toolchain's sandbox first. An answer that an override gives is
 * never kept; commands that were met only because of it are questions like any others, and their answers true.
 *
 * @throws KconfigError, InfraError
 */
export async function loadModel(request: LoadRequest, overrides: Overrides = noOverrides): Promise<Loaded> {
  const { tree, toolchain, arch } = request;
  const store = await ProbeStore.open(request.cache, tree, toolchain, arch, overrides.environment);
  const { environment: known, answers } = await store.load();
  const environment = known ?? { ...(await findEnvironment(request)), ...overrides.environment };
  const before = answers.size;
  const overridden = new Set<string>();
  const model = await parseTree(request, environment, answers, 'Kconfig', overrides, overridden);
  for (const [name] of model.environment) if (Object.hasOwn(overrides.environment, name)) overridden.add(name);
  const probesRun = answers.size - before;
  // A compiler that was not there to be asked has answered "no" to everything: that must not be kept.
  if (probesRun > 0) await requireTools(toolchain, request.signal);
  if (probesRun > 0 || !known) await store.save({ environment, answers });
  return { model, environment, answers, probesRun, overridden };
}

/** The environment as it is without overrides. */
async function findEnvironment(request: LoadRequest): Promise<Environment> {
  const store = await ProbeStore.open(request.cache, request.tree, request.toolchain, request.arch, {});
  return (await store.load()).environment ?? captureEnvironment(request);
}

/**
 * Parses a tree from one of its files on; answers that are not known yet are asked for, and added.
 *
 * @param overridden receives the overrides' probes that were met
 */
export function parseTree(
  request: LoadRequest, environment: Environment, answers: Map<string, ProbeAnswer>, root: string, overrides: Overrides = noOverrides, overridden = new Set<string>(),
): Promise<Model> {
  const { tree, toolchain, output } = request;
  const source = placesInside(toolchain, { source: tree, objtree: null }).source;
  const input = { root, reader: treeReader(tree, source, overrides.files), environment, output };
  const replace = (command: string) => {
    const found = findProbe(overrides, command);
    if (found) overridden.add(found.text);
    return found?.stdout ?? null;
  };
  return parseWithProbes(input, answers, (commands) => runProbes(request, environment, commands), replace);
}

/** Reads a tree's files by the names that its Kconfig files give them; `mount` is where commands see the tree. */
function treeReader({ directory, edited }: Tree, mount: string, files: Overrides['files']): FileReader {
  return (name) => {
    const path = name.startsWith(`${mount}/`) ? name.slice(mount.length + 1) : name;
    if (path.startsWith('/')) return null;
    return files[path] ?? readBytes(edited?.[path] ?? join(directory, path));
  };
}

/** Each command in an empty folder of its own, as many at a time as the machine has processors. */
async function runProbes(request: LoadRequest, environment: Environment, commands: readonly string[]): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < commands.length; index = next++) {
      answers[index] = await runProbe(request, environment, commands[index] as string);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return answers;
}

async function runProbe({ tree, toolchain, signal }: LoadRequest, environment: Environment, command: string): Promise<ProbeAnswer> {
  const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-probe-'));
  try {
    const shell: Command = {
      argv: ['/bin/sh', '-c', utf8Of(command)],
      sandbox: enterToolchain(toolchain, { source: tree, objtree }, decode(environment)),
      timeoutMs: probeTimeoutMs,
      signal,
    };
    const { exit, stdout, stderr } = await runCommand(shell);
    signal.throwIfAborted();
    if (exit.kind !== 'exited' || stderr.startsWith('bwrap: ')) {
      throw new InfraError('PROBE_FAILED', `a probe ${formatExit(exit)}: ${lastLines(stderr, 1)}`, `it was: ${command}`);
    }
    return { stdout: Buffer.from(stdout).toString('latin1'), stderr: Buffer.from(stderr).toString('latin1') };
  } finally {
    await rm(objtree, { recursive: true, force: true });
  }
}

function decode(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, utf8Of(value)]));
}

function utf8Of(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
