import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { type Loaded, loadModel } from './load.ts';
import { KeptOutput } from './output.ts';
import { Resolver } from './resolver.ts';
import { syncObjtree } from './sync-objtree.ts';

/** What the front end is about; one of them per worker. */
export type FrontEndPlace = { tree: Tree; toolchain: Toolchain; cache: string };

/** A configuration as our own front end resolves it, and what a build needs so as to ask nothing again. */
export type OwnResolution = { config: string; writeTo: (objtree: string) => void };

/** Models that have been met, by what they depend on; each is loaded once and kept. */
const known = new Map<string, Promise<{ loaded: Loaded; resolver: Resolver }>>();

/**
 * Resolves a fragment as `conf --olddefconfig` does, by our own evaluator. The model is loaded at the first call for a
 * tree, toolchain and architecture: probes are run once for all runs, and half a second is parsing.
 *
 * @throws KconfigError, InfraError
 */
export async function resolveOurselves(place: FrontEndPlace, arch: Arch, fragment: string, signal: AbortSignal): Promise<OwnResolution> {
  const key = [place.tree.directory, place.tree.fingerprint, place.toolchain.fingerprint, arch].join('\n');
  const opened = known.get(key) ?? open(place, arch, signal);
  known.set(key, opened);
  const { loaded, resolver } = await opened.catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  const { config } = resolver.resolveText(toBytes(fragment));
  return {
    config: fromBytes(config),
    writeTo: (objtree) => void syncObjtree({ ...loaded, objtree, config }),
  };
}

async function open(place: FrontEndPlace, arch: Arch, signal: AbortSignal) {
  const loaded = await loadModel({ ...place, arch, signal, output: new KeptOutput() });
  return { loaded, resolver: new Resolver(loaded.model) };
}

/** Inside the front end a text holds one character a byte. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString();
}
