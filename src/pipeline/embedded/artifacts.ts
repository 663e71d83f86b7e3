import type { Artifact, ArtifactKind, Part, Step } from '../records.ts';

/** Files that the executed steps left and that properties look at, each once, in the order of their paths. */
export function listArtifacts(steps: readonly Step[]): Artifact[] {
  const found = new Map<string, Artifact>();
  for (const step of steps.filter(({ exit }) => exit === 0)) {
    for (const path of step.outputs) {
      const kind = kindOf(step, path);
      if (kind !== null && !found.has(path)) found.set(path, { path, kind, part: partOf(step, steps) });
    }
  }
  return [...found.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

function kindOf({ role, tool, target }: Step, path: string): ArtifactKind | null {
  if (role === 'helpers') return 'helper-bitcode';
  if (role === 'link') return 'linked-bitcode';
  if (role === 'exports') return 'exports';
  if (role === 'crate') return path.endsWith('.bc') ? 'crate-bitcode' : path.endsWith('.o') ? 'rust-object' : null;
  if (role === 'codegen') return 'rust-object';
  if (path.endsWith('.ko')) return 'module';
  if (path === 'vmlinux.o' || path === 'vmlinux') return 'kernel';
  return tool === 'clang' && path === target && path.endsWith('.o') && !path.endsWith('.mod.o') ? 'c-object' : null;
}

/**
 * What the target was planned as. The link of a module says so for its objects: a mutant may have changed what the
 * compilers were told, but not where the object went.
 */
function partOf({ role, target }: Step, steps: readonly Step[]): Part {
  if (role === 'helpers') return target.endsWith('_module.bc') ? 'module' : 'builtin';
  if (target.endsWith('.ko')) return 'module';
  if (target === 'vmlinux.o' || target === 'vmlinux') return 'builtin';
  const isBuiltin = steps.some((step) => step.target === 'vmlinux.o' && step.inputs.includes(target));
  return isBuiltin || target.startsWith('rust/') ? 'builtin' : 'module';
}
