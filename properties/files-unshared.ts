import type { Build, Failure, Property, Role, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, executedSteps, isInlining, tidyPath } from '../src/property/subject.ts';

/**
 * make runs what does not depend on each other at once: a file between that two targets write is read by either as the
 * other left it, now and then. A build whose jobs follow each other comes out right all the same.
 */
const property: Property = {
  name: 'files-unshared',
  claim: 'no file on the way from helpers and crates to objects is written for two targets',
  judge: ({ build }) => Promise.resolve(excuseUnlessBuilt(build) ?? (isInlining(build) ? conclude(inspect(build)) : notApplicable('helpers are not inlined'))),
};
export default property;

const roles = new Set<Role>(['helpers', 'crate', 'link', 'codegen', 'to-elf']);

function inspect(build: Build): Failure[] {
  const steps = executedSteps(build).filter(({ role }) => roles.has(role));
  const writes = steps.flatMap((step) => listWritten(step).map((path) => ({ path: tidyPath(path), step })));
  return [...Map.groupBy(writes, ({ path }) => path)].flatMap(([path, group]) => {
    const writers = [...new Map(group.map(({ step }) => [tidyPath(step.target), step])).values()];
    return writers.length > 1 ? [sharedFailure(path, writers)] : [];
  });
}

/** Its outputs, and what the compiler lists the sources in (`-Wp,-MMD,FILE`). */
function listWritten({ outputs, argv }: Step): string[] {
  return [...outputs.filter((path) => !path.startsWith('/dev/')), ...argv.flatMap((word) => /^-Wp,-MM?D,(.+)$/.exec(word)?.[1] ?? [])];
}

function sharedFailure(path: string, writers: readonly Step[]): Failure {
  const targets = writers.map(({ target }) => target);
  return {
    summary: `${path} is written for ${targets.slice(0, 3).join(', ')}${targets.length > 3 ? ` and ${targets.length - 3} more` : ''}, which make may make at once`,
    key: [...new Set(writers.map(({ role }) => role))],
    evidence: writers.slice(0, 3).map(commandEvidence),
  };
}
