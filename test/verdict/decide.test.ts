import { expect, test } from 'vitest';
import { confirmDecision, decideFault, decideJudgements, decideOutcome, signFailure } from '../../src/verdict/decide.ts';

const failing = (...keys: string[]) => decideJudgements([{ property: 'p', judgement: { result: 'failed', failures: keys.map((key) => ({ summary: key, key: [key], evidence: [] })) } }]);

test('one signature is one failure, two defects are two', () => {
  expect(failing('a', 'a', 'b').failures.map(({ signature }) => signature)).toEqual([signFailure('p', ['a']), signFailure('p', ['b'])]);
  expect(signFailure('p', ['a'])).not.toBe(signFailure('q', ['a']));
  expect(signFailure('p', ['a', 'b'])).not.toBe(signFailure('p', ['ab']));
});

test('a failure that a clean build does not show again is none', () => {
  expect(confirmDecision(failing('a', 'b'), failing('b'))).toMatchObject({ verdict: 'failed', failures: [{ summary: 'b' }] });
  expect(confirmDecision(failing('a'), failing())).toMatchObject({ verdict: 'infra-error', fault: { code: 'UNCONFIRMED' } });
  expect(confirmDecision(failing('a'), decideFault('timed-out', null))).toMatchObject({ verdict: 'timed-out', failures: [] });
});

test('only builds that ended by themselves are judged', () => {
  expect(decideOutcome({ kind: 'succeeded' })).toBeNull();
  expect(decideOutcome({ kind: 'failed', step: null, target: null, summary: '' })).toBeNull();
  expect(decideOutcome({ kind: 'infra', code: 'X', message: 'y' })).toMatchObject({ verdict: 'infra-error', failures: [] });
  expect(decideOutcome({ kind: 'timed-out', afterMs: 1000 })).toMatchObject({ verdict: 'timed-out', failures: [] });
});

test('nothing to judge is said with its reason', () => {
  expect(decideJudgements([{ property: 'p', judgement: { result: 'not-applicable', reason: 'off' } }])).toEqual({
    verdict: 'passed', failures: [], known: [], fault: null, notApplicable: [{ property: 'p', reason: 'off' }],
  });
});
