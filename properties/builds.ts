import type { Build, Diagnostic, Evidence, Failure, Judgement, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { headlineOf, identifyError, pickTelling } from '../src/property/identify.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { isComplaint } from '../src/property/objtool.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'builds',
  claim: 'a config that Kconfig allows builds',
  judge: async ({ build }) => {
    switch (build.outcome.kind) {
      case 'succeeded':
        return { result: 'passed' };
      case 'failed':
        return judgeFailed(build, build.outcome);
      case 'timed-out':
      case 'cancelled':
      case 'infra':
        return notApplicable(`the build came to no end: ${build.outcome.kind}`);
    }
  },
};
export default property;

type Failed = Extract<Build['outcome'], { kind: 'failed' }>;

/** What objtool has against Rust code is the claim `objtool-clean`'s to report; make repeats it. */
function judgeFailed(build: Build, outcome: Failed): Judgement {
  const blamed = new Set(build.diagnostics.filter((error) => error.severity === 'error' && isComplaint(error, build)).map(({ target }) => target));
  if (blamed.size === 0) return conclude(inspectErrors(build, outcome));
  const isRepeated = ({ tool, target }: Diagnostic) => tool === 'make' && (target === null || blamed.has(target));
  const diagnostics = build.diagnostics.filter((error) => !isComplaint(error, build) && !isRepeated(error));
  if (!diagnostics.some(({ severity }) => severity === 'error')) return notApplicable('objtool has ended the build over Rust code');
  return conclude(inspectErrors({ ...build, diagnostics }, outcome));
}

/**
 * One failure for each target that had an error, told by its first one: those after it tend to follow from it. What
 * cannot be told to be a target's is a failure of its own.
 *
 * With several jobs it is a matter of luck which target fails first, and whether another fails before make gives up.
 * But make begins targets in one order, so the first in that order that cannot be made is tried every time. As none
 * of those that failed is left out, two builds of one config always have a failure in common.
 */
function inspectErrors({ diagnostics }: Build, outcome: Failed): Failure[] {
  const errors = keepTelling(diagnostics.filter(({ severity }) => severity === 'error'));
  if (errors.length === 0) return [inspectSilence(outcome)];
  const groups = Map.groupBy(errors, ({ target }, index) => target ?? index);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [inspectError(first, group, { outcome, diagnostics })] : [];
  });
}

/**
 * make's own message counts for a target that no tool has said anything about. Errors of no known target are taken for
 * those of the targets that seem silent, if they suffice.
 */
function keepTelling(errors: readonly Diagnostic[]): Diagnostic[] {
  const said = errors.filter(({ tool }) => tool !== 'make');
  const given = errors.filter(({ tool }) => tool === 'make');
  const silent = given.filter(({ target }) => target !== null && !said.some((error) => error.target === target));
  const unclaimed = said.filter(({ target }) => target === null);
  if (said.length > 0 && unclaimed.length >= silent.length) return said;
  // A phony target repeats what failed below it, unless nothing did.
  return [...said, ...(silent.length > 0 ? silent : given)];
}

type Context = { outcome: Failed; diagnostics: readonly Diagnostic[] };

function inspectError(first: Diagnostic, group: readonly Diagnostic[], { outcome: { step, target }, diagnostics }: Context): Failure {
  const headline = headlineOf(first);
  const warnings = diagnostics.filter(({ severity, tool }) => severity === 'warning' && tool === first.tool);
  const where = first.target ?? 'the build';
  const isStepsOwn = first.target !== null && (first.target === target || first.target === step?.target);
  return {
    summary: `${where} failed: ${headline}`,
    key: identifyError(first, [...group, ...warnings]),
    evidence: [
      ...(isStepsOwn && step ? [commandEvidence(step)] : []),
      ...group.slice(0, 3).map((error): Evidence => ({ kind: 'log', where, text: cutLines(error.text) })),
    ],
    symptoms: [[shows({ kind: 'message', text: headOf(pickTelling(first, [...group, ...warnings])) })]],
  };
}

/** The message as far as it tells what and where; of a crash the one line of many. */
function headOf(error: Diagnostic): string {
  const headline = headlineOf(error);
  return headline.startsWith('crashed: ') ? headline.slice('crashed: '.length) : error.text.trimStart().split('\n').slice(0, 4).join('\n');
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
