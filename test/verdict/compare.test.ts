import { describe, expect, test } from 'vitest';
import { compareVerdict, listChanged } from '../../src/verdict/compare.ts';
import { makeVerdict } from '../support/verdict.ts';

const failure = (signature: string) => ({ property: 'builds', signature, summary: 'x', evidence: [] });
const failed = (...signatures: string[]) => makeVerdict({ verdict: 'failed', failures: signatures.map(failure) });
const expected = (...signatures: string[]) => ({ signatures, from: 'a mail' });

describe('the word of a replay', () => {
  test.each([
    ['same', failed('builds:a'), expected('builds:a'), true],
    ['same', failed('builds:a', 'builds:b'), expected('builds:a'), null],
    ['same', makeVerdict({}), expected(), true],
    ['same', makeVerdict({ known: [{ ...failure('builds:a'), issue: 'known' }] }), expected('builds:a'), true],
    ['same-failure-other-config', failed('builds:a'), expected('builds:a', 'builds:b'), false],
    ['passes-now', makeVerdict({}), expected('builds:a'), true],
    ['passes-now', makeVerdict({}), expected('builds:a'), false],
    ['another-failure', failed('builds:b'), expected('builds:a'), true],
    ['another-failure', failed('builds:b'), expected(), true],
    ['fails', failed('builds:a'), null, true],
    ['passes', makeVerdict({}), null, null],
    ['passes', makeVerdict({}), expected(), false],
    ['cannot-be-built', makeVerdict({ verdict: 'dropped' }), expected('builds:a'), false],
    ['not-judged', makeVerdict({ verdict: 'infra-error' }), expected('builds:a'), true],
    ['not-judged', makeVerdict({ verdict: 'timed-out' }), null, null],
  ] as const)('%s', (outcome, verdict, known, isSame) => {
    expect(compareVerdict(verdict, known, isSame)).toBe(outcome);
  });
});

test('what is not mentioned is not set', () => {
  expect(listChanged({ A: 'n', B: 'y', C: '"x"' }, { B: 'm', D: 'n', E: '1' })).toEqual([
    { symbol: 'B', before: 'y', now: 'm' }, { symbol: 'C', before: '"x"', now: null }, { symbol: 'E', before: null, now: '1' },
  ]);
});
