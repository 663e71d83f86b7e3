import type { Artifact, Build, Judgement, Passes, PassName, Step, Subject } from './contract.ts';
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

/** What a pass made, for a property that `needs` it: the runner judges no other. */
export function requirePass<Name extends PassName>({ passes }: Subject, name: Name): Passes[Name] {
  const result = passes?.[name];
  if (result === undefined || 'impossible' in result) throw new Error(`there is no pass '${name}' to look at`);
  return result as Passes[Name];
}

export function artifactsOf({ artifacts }: Build, kind: Artifact['kind']): Artifact[] {
  return artifacts.filter((artifact) => artifact.kind === kind);
}

/** Crates below `rust/` are never linked with helpers but for `kernel`; all others are (scripts/Makefile.build). */
export function mustBeLinked({ kind, path }: Artifact): boolean {
  const tidy = tidyPath(path);
  return kind === 'rust-object' && (tidy === 'rust/kernel.o' || !tidy.startsWith('rust/'));
}

/** Rust objects whose crates no executed step has linked with a helper bitcode, though helpers are inlined. */
export function findUnlinked(build: Build): Artifact[] {
  if (!isInlining(build)) return [];
  const helpers = artifactsOf(build, 'helper-bitcode');
  const isHelper = (input: string) => helpers.some(({ path }) => isSamePath(path, input));
  const links = executedSteps(build).filter(({ role, inputs }) => role === 'link' && inputs.some(isHelper));
  return build.artifacts.filter((artifact) => mustBeLinked(artifact) && !links.some(({ target }) => isSamePath(target, artifact.path)));
}

/** Steps that were run and succeeded. */
export function executedSteps({ steps }: Build): Step[] {
  return steps.filter(({ exit }) => exit === 0);
}

/** The last executed step that wrote a file, or null. */
export function writerOf(build: Build, path: string): Step | null {
  return executedSteps(build).findLast(({ outputs }) => outputs.some((output) => isSamePath(output, path))) ?? null;
}

/** Those of the files that are not made of another one of them: where what differs begins. */
export function keepOrigins<File extends Pick<Artifact, 'path'>>(files: readonly File[], build: Build): File[] {
  return files.filter(({ path }) => {
    const steps = executedSteps(build).filter(({ target, outputs }) => [target, ...outputs].some((made) => isSamePath(made, path)));
    const read = steps.flatMap(({ inputs }) => inputs).filter((input) => !isSamePath(input, path));
    return !files.some((other) => read.some((input) => isSamePath(input, other.path)));
  });
}

/** Compares paths relative to the objtree: make writes some with a leading `./`. */
export function isSamePath(left: string, right: string): boolean {
  return tidyPath(left) === tidyPath(right);
}

/** Where kbuild records how a file was made: `rust/kernel.o` → `rust/.kernel.o.cmd`. */
export function cmdFileOf(path: string): string {
  return path.replace(/([^/]+)$/, '.$1.cmd');
}

export function tidyPath(path: string): string {
  return path.replace(/^(?:\.\/+)+/, '').replace(/\/(?:\.?\/)+/g, '/');
}
