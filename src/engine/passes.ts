import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from '../artifact/open.ts';
import { cleanObjtree } from '../pipeline/clean.ts';
import { copyObjtree } from '../pipeline/copy.ts';
import { changeHelperFlags } from '../pipeline/kbuild/age.ts';
import type { Build, BuildOutcome, BuildRequest } from '../pipeline/records.ts';
import type { Built, Cleaned, Passes, PassName, PassResults } from '../property/contract.ts';
import { isInlining } from '../property/subject.ts';
import { findUnignored } from '../tree/ignored.ts';
import { otherMounts } from '../tree/records.ts';
import { buildOrBlame } from './build.ts';

/** A configuration, and how to fill an objtree with it and its by-products; `writeTo` null where make has to. */
export type Recipe = { config: string; writeTo: ((objtree: string) => void) | null };

/** How to make what the passes are about. */
export type PassPlan = {
  names: readonly PassName[];
  /** Of the first build, which has succeeded or failed. */
  request: BuildRequest;
  on: Recipe;
  /** The same configuration with the option off; asked for where a pass needs it. */
  off: () => Promise<Recipe>;
  /** Whether the twin must be built from nothing; a copy of the first objtree saves a third of the time or more. */
  isClean: boolean;
  /** Makes an empty directory for this candidate alone. */
  makeObjtree: (name: string) => Promise<string>;
  onPass: (name: PassName, ms: number | null) => void;
};

/** A configuration with the option turned off, for a front end to resolve: everything else keeps its value. */
export function turnOff(config: string): string {
  return config.replace(/^CONFIG_RUST_INLINE_HELPERS=y$/m, '# CONFIG_RUST_INLINE_HELPERS is not set');
}

/** What a pass ran into that says nothing about the kernel: the machine's fault, the clock, the user. */
export class PassStopped extends Error {
  readonly outcome: BuildOutcome;

  constructor(outcome: BuildOutcome) {
    super(`a pass came to no end: ${outcome.kind}`);
    this.outcome = outcome;
  }
}

/**
 * Makes what the named passes are about, beside the first build, whose objtree stays as it is.
 *
 * @throws PassStopped where a build came to no end; InfraError
 */
export async function runPasses(first: Build, plan: PassPlan): Promise<PassResults> {
  const results: PassResults = {};
  for (const name of plan.names) {
    const impossible = findImpossible(name, first);
    if (impossible !== null) {
      results[name] = { impossible };
      continue;
    }
    plan.onPass(name, null);
    const started = performance.now();
    Object.assign(results, { [name]: await passes[name](first, plan, results) });
    plan.onPass(name, Math.round(performance.now() - started));
  }
  return results;
}

function findImpossible(name: PassName, first: Build): string | null {
  if (first.outcome.kind !== 'succeeded') return `the build has not succeeded: ${first.outcome.kind}`;
  if ((name === 'twin' || name === 'incremental') && !isInlining(first)) return `helpers are not inlined${first.arch === 'um' ? ', and cannot be on UML' : ''}: there is nothing to turn off`;
  return null;
}

/** What puts the source's place into code, of C as of helpers: KASAN names it beside its list of variables, coverage where it is to be written. */
const namingSources = ['DEBUG_INFO', 'KASAN', 'GCOV_KERNEL'];

const passes = {
  twin: async (first: Build, plan: PassPlan): Promise<Built> => {
    const objtree = mayReuse(first, plan) ? await copyOf(first.objtree, 'twin', plan) : await plan.makeObjtree('twin');
    return open(await rebuild(objtree, await plan.off(), plan), plan);
  },
  again: async (first: Build, plan: PassPlan): Promise<Passes['again']> => {
    const objtree = await plan.makeObjtree('again');
    // Debug information of a build with O= names places; the kernel leaves it to the builder to map them
    // (Documentation/kbuild/reproducible-builds.rst).
    const isElsewhere = !namingSources.some((symbol) => first.config[symbol] === 'y') && plan.request.toolchain.isSandboxed;
    const { config } = plan.on;
    // What our own syncconfig writes names the usual places; at others make has to.
    const build = isElsewhere ? await buildAt({ ...plan.request, objtree, config, mounts: otherMounts }) : await rebuild(objtree, plan.on, plan);
    return { ...open(build, plan), isElsewhere };
  },
  incremental: async (first: Build, plan: PassPlan, { twin }: PassResults): Promise<Passes['incremental']> => {
    // The twin has been through the first half already, if it was made in a copy.
    const isHalfway = mayReuse(first, plan) && twin !== undefined && 'build' in twin;
    const objtree = await copyOf(isHalfway ? twin.build.objtree : first.objtree, 'incremental', plan);
    const off = isHalfway ? twin.build : await rebuild(objtree, await plan.off(), plan);
    if (off.outcome.kind !== 'succeeded') return { ...open(off, plan), halfway: null, modules: null };
    const on = await rebuild(objtree, plan.on, plan);
    if (on.outcome.kind !== 'succeeded' || plan.request.tree.kind !== 'kernel') return { ...open(on, plan), halfway: off, modules: null };
    // One job after another: with more, what lacks a dependency may find it made all the same.
    const slowly = { ...plan, request: { ...plan.request, jobserver: null } };
    // What CFLAGS_MODULE changes reaches the helpers for modules alone, and no kernel crate brings modules along.
    await changeHelperFlags(objtree, ['helpers_module.bc']);
    const modules = await rebuild(objtree, plan.on, slowly);
    if (modules.outcome.kind !== 'succeeded') return { ...open(modules, plan), halfway: off, modules: null };
    await changeHelperFlags(objtree, ['helpers.bc', 'helpers_module.bc']);
    return { ...open(await rebuild(objtree, plan.on, slowly), plan), halfway: off, modules };
  },
  clean: async (first: Build, plan: PassPlan): Promise<Cleaned> => {
    const objtree = await copyOf(first.objtree, 'clean', plan);
    const before = await listFiles(objtree);
    const outcome = requireEnd(await cleanObjtree({ ...plan.request, objtree }));
    const { tree, toolchain, signal } = plan.request;
    const unignored = await findUnignored(tree, toolchain, before.filter((path) => path.endsWith('.bc')), signal);
    return { failure: outcome.kind === 'failed' ? outcome.summary : null, before, after: await listFiles(objtree), unignored };
  },
};

/**
 * Whether the twin is made in a copy of the first objtree. The embedded pipeline executes every step of its plan, so a used
 * objtree saves it nothing. And what make leaves alone says nothing once more: where there were messages, the twin must
 * have the chance to say them too.
 */
function mayReuse(first: Build, { isClean, request }: PassPlan): boolean {
  return !isClean && request.tree.kind === 'kernel' && first.diagnostics.length === 0;
}

async function copyOf(objtree: string, name: string, { request, makeObjtree }: PassPlan): Promise<string> {
  const copy = await makeObjtree(name);
  await copyObjtree(request.toolchain, objtree, copy, request.signal);
  return copy;
}

function rebuild(objtree: string, { config, writeTo }: Recipe, { request }: PassPlan): Promise<Build> {
  if (request.tree.kind === 'kernel') writeTo?.(objtree);
  return buildAt({ ...request, objtree, config });
}

async function buildAt(request: BuildRequest): Promise<Build> {
  const build = await buildOrBlame(request);
  requireEnd(build.outcome);
  return build;
}

/** A failed build is data; one that came to no end is not. */
function requireEnd(outcome: BuildOutcome): Extract<BuildOutcome, { kind: 'succeeded' | 'failed' }> {
  if (outcome.kind === 'succeeded' || outcome.kind === 'failed') return outcome;
  throw new PassStopped(outcome);
}

function open(build: Build, { request }: PassPlan): Built {
  return { build, artifacts: openArtifacts(build, request.toolchain, request.signal) };
}

async function listFiles(objtree: string): Promise<string[]> {
  const entries = await readdir(objtree, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(objtree.length + 1)).sort();
}
