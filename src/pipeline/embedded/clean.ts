import type { BuildOutcome, BuildRequest, PlannedStep } from '../records.ts';
import { explainFailure, runStep } from './run.ts';
import { hasSucceeded } from '../../util/process.ts';

/** The step that removes what the plan's others made; mutants change it as they change those. */
export const cleanStep: PlannedStep = {
  target: 'clean',
  role: 'other',
  tool: 'find',
  argv: ['find', '.', '-type', 'f', '(', ...anyOf(['*.[aios]', '*.ko', '*.bc', '*.rmeta', '*.dwo', 'vmlinux', '*_generated.h']), ')', '-delete'],
  inputs: [],
  outputs: [],
};

/** Cleans an objtree of the embedded tree. */
export async function cleanEmbedded(request: BuildRequest): Promise<BuildOutcome> {
  const steps = request.mutant?.apply([cleanStep]) ?? [cleanStep];
  for (const [index, step] of steps.entries()) {
    const result = await runStep(request, { ...step, index }, 0);
    if (!hasSucceeded(result.exit)) return explainFailure(result, { ...step, index, exit: null }, null);
  }
  return { kind: 'succeeded' };
}

function anyOf(patterns: readonly string[]): string[] {
  return patterns.flatMap((pattern, index) => [...(index > 0 ? ['-o'] : []), '-name', pattern]);
}
