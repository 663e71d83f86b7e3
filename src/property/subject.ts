import type { Artifact, Build, Judgement, Step } from './contract.ts';
import { notApplicable } from './judgement.ts';

export function isInlining({ config }: Build): boolean {
  return config['RUST_INLINE_HELPERS'] === 'y';
}

/**
 * Why a property about the products of a build has nothing to say, or null. What a failed build left behind may be
 * half written or stem from an earlier config; that it failed is the claim `builds`'s to tell.
 */
export function excuseUnlessBuilt({ outcome }: Build): Judgement | null {
  return outcome.kind === 'succeeded' ? null : notApplicable(`the build has not succeeded: ${outcome.kind}`);
}

export function artifactsOf({ artifacts }: Build, kind: Artifact['kind']): Artifact[] {
  return artifacts.filter((artifact) => artifact.kind === kind);
}

/** Steps that were run and succeeded. */
export function executedSteps({ steps }: Build): Step[] {
  return steps.filter(({ exit }) => exit === 0);
}

/** The last executed step that wrote a file, or null. */
export function writerOf(build: Build, path: string): Step | null {
  return executedSteps(build).findLast(({ outputs }) => outputs.some((output) => isSamePath(output, path))) ?? null;
}

/** Compares paths relative to the objtree: make writes some with a leading `./`. */
export function isSamePath(left: string, right: string): boolean {
  return tidyPath(left) === tidyPath(right);
}

export function tidyPath(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '').replace(/\/(?:\.?\/)+/g, '/');
}
