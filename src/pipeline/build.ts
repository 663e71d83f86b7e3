import { buildEmbedded } from './embedded/run.ts';
import { buildKernel } from './kbuild/run.ts';
import type { Build, BuildRequest } from './records.ts';

/** Builds a config by the pipeline of its tree; the record does not depend on which it was. */
export function buildCandidate(request: BuildRequest): Promise<Build> {
  return request.tree.kind === 'embedded' ? buildEmbedded(request) : buildKernel(request);
}
