import { buildCandidate } from '../pipeline/build.ts';
import type { Build, BuildRequest } from '../pipeline/records.ts';
import { freeBytes } from '../util/files.ts';
import { fullBytes } from './sound.ts';

/** Builds; a failure that met a full disk is the disk's, whatever the tools said. */
export async function buildOrBlame(request: BuildRequest): Promise<Build> {
  const build = await buildCandidate(request);
  const isFull = build.outcome.kind === 'failed' && (await freeBytes(request.objtree)) < fullBytes;
  if (!isFull) return build;
  return { ...build, outcome: { kind: 'infra', code: 'DISK_FULL', message: `no space is left at ${request.objtree}` } };
}
