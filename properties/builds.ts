import type { Build, Diagnostic, Evidence, Failure, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';

const property: Property = {
  name: 'builds',
  claim: 'a config that Kconfig allows builds',
  judge: async ({ build }) => {
    switch (build.outcome.kind) {
      case 'succeeded':
        return { result: 'passed' };
      case 'failed':
        return conclude(inspectErrors(build, build.outcome));
      case 'timed-out':
      case 'cancelled':
      case 'infra':
        return notApplicable(`the build came to no end: ${build.outcome.kind}`);
    }
  },
};
export default property;

type Failed = Extract<Build['outcome'], { kind: 'failed' }>;

/**
 * One failure for each target that had an error, told by its first one: those after it tend to follow from it. With
 * several jobs the target that fails first is a matter of luck, so none of them is left out.
 */
function inspectErrors({ diagnostics }: Build, outcome: Failed): Failure[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const byTarget = Map.groupBy(errors, ({ target }) => target ?? outcome.target ?? '');
  if (byTarget.size === 0) return [inspectSilence(outcome)];
  return [...byTarget].flatMap(([target, group]) => {
    const [first] = group;
    return first ? [inspectError(target, first, group, outcome)] : [];
  });
}

function inspectError(target: string, first: Diagnostic, group: Diagnostic[], outcome: Failed): Failure {
  const headline = firstLine(first.text);
  const isStepsOwn = outcome.step !== null && (target === outcome.target || target === outcome.step.target);
  return {
    summary: `${target || 'the build'} failed: ${headline}`,
    key: [first.tool, normaliseMessage(headline)],
    evidence: [
      ...(isStepsOwn && outcome.step ? [commandEvidence(outcome.step)] : []),
      ...group.slice(0, 3).map((error): Evidence => ({ kind: 'log', where: target, text: cutLines(error.text) })),
    ],
  };
}

/** A build that failed and said nothing that was recognised as an error. */
function inspectSilence({ step, target, summary }: Failed): Failure {
  const where = target ?? step?.target ?? 'the build';
  return {
    summary: `${where} failed: ${firstLine(summary)}`,
    key: [step?.tool ?? 'make', normaliseMessage(firstLine(summary))],
    evidence: [...(step ? [commandEvidence(step)] : []), { kind: 'log', where, text: cutLines(summary) }],
  };
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

function cutLines(text: string): string {
  return text.split('\n').slice(0, 30).join('\n');
}
