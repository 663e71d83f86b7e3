import type { BuildOutcome } from '../pipeline/records.ts';
import type { NamedJudgement } from '../property/runner.ts';
import { shortHash } from '../util/hash.ts';
import type { SignedFailure, Verdict, VerdictName } from './records.ts';

/** What a build and its judgements amount to. */
export type Decision = Pick<Verdict, 'verdict' | 'failures' | 'known' | 'fault' | 'notApplicable'>;

/** A verdict without failures: nothing was judged, or nothing could be. */
export function decideFault(verdict: Exclude<VerdictName, 'failed'>, fault: Verdict['fault']): Decision {
  return { verdict, failures: [], known: [], fault, notApplicable: [] };
}

/** Only a build that ended by itself is judged; a fault of the machine is never a failure. */
export function decideOutcome(outcome: BuildOutcome): Decision | null {
  switch (outcome.kind) {
    case 'succeeded':
    case 'failed':
      return null;
    case 'timed-out':
      return decideFault('timed-out', { code: 'TIME_LIMIT', message: `the build was stopped after ${Math.round(outcome.afterMs / 1000)} s` });
    case 'cancelled':
      return decideFault('infra-error', { code: 'CANCELLED', message: 'the build was cancelled' });
    case 'infra':
      return decideFault('infra-error', { code: outcome.code, message: outcome.message });
  }
}

/** Failed if any property did; the failures signed, one per signature. */
export function decideJudgements(judgements: readonly NamedJudgement[]): Decision {
  const failures = new Map<string, SignedFailure>();
  const notApplicable: Decision['notApplicable'] = [];
  for (const { property, judgement } of judgements) {
    if (judgement.result === 'not-applicable') notApplicable.push({ property, reason: judgement.reason });
    if (judgement.result !== 'failed') continue;
    for (const { key, ...told } of judgement.failures) {
      const signature = signFailure(property, key);
      if (!failures.has(signature)) failures.set(signature, { property, signature, ...told });
    }
  }
  return { verdict: failures.size > 0 ? 'failed' : 'passed', failures: [...failures.values()], known: [], fault: null, notApplicable };
}

/** `property:1a2b3c4d`: the property and a hash of what stays the same when the defect is met again. */
export function signFailure(property: string, key: readonly string[]): string {
  return `${property}:${shortHash(JSON.stringify([property, ...key]))}`;
}

/**
 * A failure stands only if a second, clean build shows it too; what shows once only is the harness's or a flaky
 * tool's, and is told as such.
 */
export function confirmDecision(first: Decision, second: Decision): Decision {
  if (second.verdict === 'infra-error' || second.verdict === 'timed-out') return second;
  const again = new Set(second.failures.map(({ signature }) => signature));
  const failures = first.failures.filter(({ signature }) => again.has(signature));
  if (failures.length > 0) return { ...first, failures };
  const lost = first.failures.map(({ signature }) => signature).join(', ');
  return decideFault('infra-error', { code: 'UNCONFIRMED', message: `a second clean build did not show ${lost} again` });
}
