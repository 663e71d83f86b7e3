import type { ArtifactReader } from '../artifact/reader.ts';
import type { Build, Built, Step } from './contract.ts';
import { artifactsOf, executedSteps, isSamePath } from './subject.ts';

/** The linked kernel, which there is only where a build goes that far. */
export const kernelFile = 'vmlinux';

/** Names of the types in the kernel's BTF, and of those that modules add to it; a name that stands for two types comes twice. */
export async function readTypes({ build, artifacts }: Built): Promise<Map<string, string[]>> {
  const base = await artifacts.btfNames(kernelFile, null);
  const known = new Set(base);
  const types = new Map([[kernelFile, base]]);
  const modules = build.config['DEBUG_INFO_BTF_MODULES'] === 'y' ? artifactsOf(build, 'module') : [];
  for (const { path } of modules) {
    // A module of Rust alone has no types to tell of.
    if (!(await hasBtf(path, artifacts))) continue;
    types.set(path, (await artifacts.btfNames(path, kernelFile)).filter((name) => !known.has(name)));
  }
  return types;
}

export async function hasBtf(path: string, artifacts: ArtifactReader): Promise<boolean> {
  return (await artifacts.layout(path)).sections.some(({ name }) => name === '.BTF');
}

/** The commands that made a file's BTF. */
export function btfStepsOf(path: string, build: Build): Step[] {
  return executedSteps(build).filter(({ role, target }) => role === 'btf' && isSamePath(target, path));
}
