import { buildEmbeddedSubject, type EmbeddedPlace, type Sample } from '../../src/campaign/embedded-mutants.ts';
import type { PassName, Subject } from '../../src/property/contract.ts';
import { embeddedTree, hostToolchain } from './toolchain.ts';

/** The miniature tree and the host's own tools, with `work` for what is made. */
export async function embeddedPlace(work: string): Promise<EmbeddedPlace> {
  return { tree: embeddedTree, toolchain: await hostToolchain(), work, timeoutMs: 120_000, signal: new AbortController().signal };
}

/** Builds in `directory/obj`, makes the passes beside it, and gives what properties look at. */
export async function buildWithPasses(directory: string, sample: Sample, names: readonly PassName[]): Promise<Subject> {
  return buildEmbeddedSubject(await embeddedPlace(directory), directory, sample, names);
}
