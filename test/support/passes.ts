import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from '../../src/artifact/open.ts';
import { runPasses, turnOff } from '../../src/engine/passes.ts';
import type { Mutant } from '../../src/pipeline/records.ts';
import type { PassName, Subject } from '../../src/property/contract.ts';
import { type Arch, usualMounts } from '../../src/tree/records.ts';
import { buildOnHost, embeddedTree, hostToolchain, resolveEmbedded } from './toolchain.ts';

/** A candidate of the miniature tree: a resolved config, and a defect in the pipeline, if any. */
export type Sample = { arch: Arch; config: string; mutant: Mutant | null };

/** Builds in `directory/obj`, makes the passes beside it, and gives what properties look at. */
export async function buildWithPasses(directory: string, { arch, config, mutant }: Sample, names: readonly PassName[]): Promise<Subject> {
  const { signal } = new AbortController();
  const toolchain = await hostToolchain();
  const makeObjtree = async (name: string) => {
    const objtree = join(directory, name);
    await mkdir(objtree);
    return objtree;
  };
  const objtree = await makeObjtree('obj');
  const build = await buildOnHost({ arch, config, objtree, mutant });
  const request = { tree: embeddedTree, toolchain, arch, config, objtree, mounts: usualMounts, targets: [], jobserver: null, timeoutMs: 120_000, signal, mutant };
  const passes = await runPasses(build, {
    names, request, isClean: false, makeObjtree,
    on: { config, writeTo: null },
    off: async () => ({ config: await resolveEmbedded(arch, turnOff(config)), writeTo: null }),
    onPass: () => {},
  });
  return { build, artifacts: openArtifacts(build, toolchain, signal), passes };
}
