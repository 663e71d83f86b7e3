import { enterToolchain } from '../tree/enter.ts';
import { makeArgv } from '../tree/make.ts';
import { formatExit, hasSucceeded, lastLines, runCommand } from '../util/process.ts';
import { cleanEmbedded } from './embedded/clean.ts';
import { classifyExit, findInfraFault } from './infra.ts';
import type { BuildOutcome, BuildRequest } from './records.ts';

/** Cleans an objtree as the tree's own rules do it (`make clean`): what can be built again goes. */
export function cleanObjtree(request: BuildRequest): Promise<BuildOutcome> {
  return request.tree.kind === 'embedded' ? cleanEmbedded(request) : cleanKernel(request);
}

async function cleanKernel({ tree, toolchain, arch, objtree, mounts, timeoutMs, signal }: BuildRequest): Promise<BuildOutcome> {
  const places = { source: tree, objtree, mounts };
  const argv = makeArgv(toolchain, arch, places, ['clean']);
  const { exit, stderr } = await runCommand({ argv, sandbox: enterToolchain(toolchain, places), timeoutMs, signal });
  if (hasSucceeded(exit)) return { kind: 'succeeded' };
  const outcome = classifyExit(exit, 'make clean');
  if (outcome !== null) return outcome;
  const fault = findInfraFault(stderr);
  if (fault !== null) return { kind: 'infra', ...fault };
  return { kind: 'failed', step: null, target: 'clean', summary: lastLines(stderr, 3) || `make clean ${formatExit(exit)}` };
}
