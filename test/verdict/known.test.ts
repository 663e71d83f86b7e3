import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideFault, decideJudgements, signFailure } from '../../src/verdict/decide.ts';
import { canShow, countMissed, isAbout, type KnownIssue, setKnownAside } from '../../src/verdict/known.ts';
import { makeVerdict } from '../support/verdict.ts';

const issue: KnownIssue = { name: 'one', signatures: [signFailure('builds', ['x'])], arches: ['x86_64'], since: null, before: null, needs: {}, reason: 'it is so', link: null, expires: null };
const failing = (keys: string[]) =>
  decideJudgements([{ property: 'builds', judgement: { result: 'failed', failures: keys.map((key) => ({ summary: key, key: [key], evidence: [] })) } }]);

describe('what is known', () => {
  test('fails nothing where it is all there is', () => {
    expect(setKnownAside(failing(['x']), [issue], 'x86_64')).toMatchObject({ verdict: 'passed', failures: [], known: [{ issue: 'one', summary: 'x' }] });
  });

  test('is set aside from what is not', () => {
    expect(setKnownAside(failing(['x', 'y']), [issue], 'x86_64')).toMatchObject({ verdict: 'failed', failures: [{ summary: 'y' }], known: [{ summary: 'x' }] });
  });

  test('is not known on another architecture', () => {
    expect(setKnownAside(failing(['x']), [issue], 'arm64')).toMatchObject({ verdict: 'failed', known: [] });
  });

  test('never makes a pass of what was not judged', () => {
    const fault = decideFault('infra-error', { code: 'DISK_FULL', message: '' });
    expect(setKnownAside(fault, [issue], 'x86_64')).toEqual(fault);
  });

  test('nothing is lost and nothing made up, whatever the patterns', () => {
    const pattern = fc.constantFrom('builds:*', '*', signFailure('builds', ['x']), 'other:*', 'builds:1*');
    fc.assert(fc.property(fc.uniqueArray(fc.string()), fc.array(pattern), (keys, patterns) => {
      const decision = failing(keys);
      const { verdict, failures, known } = setKnownAside(decision, [{ ...issue, signatures: patterns }], 'x86_64');
      const signatures = [...failures, ...known].map(({ signature }) => signature);
      expect(signatures.sort()).toEqual(decision.failures.map(({ signature }) => signature).sort());
      expect(verdict).toBe(failures.length > 0 ? 'failed' : 'passed');
      expect(known.length > 0).toBe(keys.length > 0 && signatures.some((signature) => patterns.some((wanted) => wanted === '*' || wanted === 'builds:*' || signature.startsWith(wanted.replace('*', '')))));
    }));
  });
});

test.each<[string | null, string | null, string | null, boolean]>([
  ['7.3.4', null, null, true],
  [null, null, null, true],
  [null, '7.1', null, false],
  ['7.3.4', '7.1', '7.4', true],
  ['7.4.0', '7.1', '7.4', false],
  ['7.4.0-rc2', '7.1', '7.4', true],
  ['7.1.0-rc2', '7.1', null, false],
  ['7.10.1', '7.9', null, true],
  ['7.3.4-dirty', '7.3.4', null, true],
])('version %s since %s, before %s: %s', (version, since, before, expected) => {
  expect(isAbout({ ...issue, since, before }, version)).toBe(expected);
});

test.each<[string, Record<string, string>, Partial<Parameters<typeof makeVerdict>[0]>, boolean]>([
  ['where nothing is needed', {}, {}, true],
  ['with the options that it needs', { WERROR: 'y', KASAN: 'n' }, {}, true],
  ['without one of them', { WERROR: 'y', KASAN: 'y' }, {}, false],
  ['with an option that must be off', { WERROR: 'n' }, {}, false],
  ['with one of which another begins with its name', { WERR: 'y' }, {}, false],
  ['on another architecture', {}, { arch: 'arm64' }, false],
  ['with inlining off', {}, { inline: false }, false],
  ['in a build that was not judged', {}, { verdict: 'infra-error' }, false],
  ['where its property had nothing to say', {}, { notApplicable: [{ property: 'builds', reason: 'no pass' }] }, false],
  ['where another property had nothing to say', {}, { notApplicable: [{ property: 'build', reason: 'no pass' }] }, true],
])('an issue could have shown %s', (_, needs, verdict, expected) => {
  const configOf = () => '# Linux\nCONFIG_WERROR=y\n# CONFIG_KASAN is not set\n';
  expect(canShow({ ...issue, needs }, makeVerdict(verdict), configOf)).toBe(expected);
});

test('an issue is missed by what could have shown it, where nothing has', () => {
  const verdicts = [makeVerdict({}), makeVerdict({ arch: 'arm64' }), makeVerdict({ inline: false }), makeVerdict({})];
  expect(countMissed(issue, verdicts, () => null)).toBe(2);
  const [failure] = setKnownAside(failing(['x']), [issue], 'x86_64').known;
  if (failure === undefined) throw new Error('it is not known');
  expect(countMissed(issue, [...verdicts, makeVerdict({ known: [failure] })], () => null)).toBe(0);
});
