import type { Build, Failure, Property, Role, Sign, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, executedSteps, isInlining, tidyPath } from '../src/property/subject.ts';
import { arePlain, shows } from '../src/property/symptoms.ts';

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
    symptoms: symptomsOf(path, writers),
  };
}

/** Two commands that name the file as what they write. */
function symptomsOf(path: string, writers: readonly Step[]): Sign[][] {
  const signs = writers.flatMap((step): Sign[] => {
    const at = step.argv.findIndex((word, index) => isNamed(path, word) && (step.argv[index - 1] === '-o' || word !== path));
    const words = step.argv[at - 1] === '-o' ? `-o ${path}` : (step.argv[at] ?? '');
    return at >= 0 && arePlain(words.replaceAll('/', '')) ? [shows({ kind: 'words', target: tidyPath(step.target), tool: step.tool, words })] : [];
  });
  return signs.length > 1 ? [signs.slice(0, 2)] : [];
}

/** Itself, or as what an option gives it for: `-Wp,-MMD,FILE`, `--emit=obj=FILE`. */
function isNamed(path: string, word: string): boolean {
  return tidyPath(word) === path || word.endsWith(`,${path}`) || word.endsWith(`=${path}`);
}
