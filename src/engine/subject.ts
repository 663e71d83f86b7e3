import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifacts } from '../artifact/open.ts';
import { copyObjtree } from '../pipeline/copy.ts';
import type { Build, BuildRequest } from '../pipeline/records.ts';
import type { PassName, Subject } from '../property/contract.ts';
import { InfraError } from '../util/errors.ts';
import { decideOutcome } from '../verdict/decide.ts';
import { buildOrBlame } from './build.ts';
import { PassStopped, type Recipe, runPasses } from './passes.ts';

/** What is to be built, and where. */
export type SubjectPlan = {
  request: Omit<BuildRequest, 'config' | 'objtree'>;
  on: Recipe;
  off: () => Promise<Recipe>;
  /** An existing, empty host directory: the objtree is `obj` in it, those of the passes stand beside it. */
  directory: string;
  /** An objtree of the same configuration to go on from; null: from nothing. */
  origin: string | null;
  names: readonly PassName[];
};

/**
 * Builds, makes the passes beside it, and gives what properties look at.
 *
 * @throws InfraError where a build came to no end
 */
export async function makeSubject({ request, on, off, directory, origin, names }: SubjectPlan): Promise<Subject> {
  const makeObjtree = async (name: string) => {
    const objtree = join(directory, name);
    await mkdir(objtree);
    return objtree;
  };
  const objtree = await makeObjtree('obj');
  if (origin !== null) await copyObjtree(request.toolchain, origin, objtree, request.signal);
  else if (request.tree.kind === 'kernel') on.writeTo?.(objtree);
  const whole = { ...request, config: on.config, objtree };
  try {
    const build = requireEnd(await buildOrBlame(whole));
    const passes = await runPasses(build, { names, request: whole, isClean: false, makeObjtree, on, off, onPass: () => {} });
    return { build, artifacts: openArtifacts(build, request.toolchain, request.signal), passes };
  } catch (error) {
    if (!(error instanceof PassStopped)) throw error;
    const fault = decideOutcome(error.outcome)?.fault;
    throw new InfraError(fault?.code ?? 'CANCELLED', fault?.message ?? error.message);
  }
}

function requireEnd(build: Build): Build {
  if (build.outcome.kind === 'succeeded' || build.outcome.kind === 'failed') return build;
  throw new PassStopped(build.outcome);
}
