import { expect, test } from 'vitest';
import { formatSummary, formatVerdict } from '../../src/report/text.ts';
import { makeVerdict } from '../support/verdict.ts';

const failed = makeVerdict({
  index: 3, arch: 'arm64', verdict: 'failed', seed: 'kf2_three',
  failures: [{ property: 'builds', signature: 'builds:12345678', summary: 'rust/kernel.o was not built', evidence: [{ kind: 'log', where: 'standard error', text: 'error: x\nmore' }] }],
});
const dropped = makeVerdict({ index: 4, verdict: 'dropped', inline: false, seed: 'kf2_four', dropped: [{ symbol: 'KMSAN', value: 'y', from: 'sanitizer=kmsan', effective: 'n' }] });
const broken = makeVerdict({ index: 5, verdict: 'infra-error', seed: 'kf2_five', fault: { code: 'DISK_FULL', message: 'no space' } });

test('a line for each verdict', () => {
  expect([makeVerdict({}), failed, dropped, broken].map(formatVerdict).join('\n')).toMatchInlineSnapshot(`
    "#0 x86_64 inline passed (3.5 s)
    #3 arm64 inline failed: builds:12345678 (3.5 s)
    #4 x86_64 no inline dropped: KMSAN=y became n (sanitizer=kmsan) (3.5 s)
    #5 x86_64 inline infra-error: DISK_FULL: no space (3.5 s)"
  `);
});

test('what is known is told, and what is known but was not seen', () => {
  const issue = { name: 'old', signatures: ['builds:12345678'], arches: null, since: null, before: null, needs: {}, reason: 'it is so', link: null, expires: null };
  const seen = makeVerdict({ known: failed.failures.map((failure) => ({ ...failure, issue: 'old' })) });
  expect(formatVerdict(seen)).toBe('#0 x86_64 inline passed; known: old (3.5 s)');
  expect(formatSummary([seen, makeVerdict({})], 'kinfuzz', { issues: [issue] })).toContain('KNOWN builds:12345678 (1 of 2): old: it is so');
  expect(formatSummary([makeVerdict({})], 'kinfuzz', { issues: [issue] })).toContain('NOT SEEN builds:12345678: old: not in 1 candidate with inlining on: fixed, or none had what it takes');
  const picky = { issues: [{ ...issue, needs: { WERROR: 'y' } }], configOf: () => '\nCONFIG_WERROR=y\n' };
  expect(formatSummary([makeVerdict({}), makeVerdict({})], 'kinfuzz', picky)).toContain('NOT SEEN builds:12345678: old: not in 2 candidates with inlining on, WERROR=y: fixed, or it takes more');
  expect(formatSummary([makeVerdict({})], 'kinfuzz', { ...picky, configOf: () => '\n# CONFIG_WERROR is not set\n' })).not.toContain('builds');
  expect(formatSummary([makeVerdict({})], 'kinfuzz', { issues: [{ ...issue, arches: ['arm64'] }] })).not.toContain('builds');
});

test('a replay makes the passes that showed the failure', () => {
  expect(formatSummary([{ ...failed, passes: ['twin', 'clean'] }], 'kinfuzz')).toContain('replay: kinfuzz repro kf2_three --passes twin,clean');
});

test('a replay names the space where that is a file, but for a case, which names its own', () => {
  const replayOf = (seed: string, space: string) => /replay: (.*)/.exec(formatSummary([{ ...failed, seed, passes: ['twin'] }], 'kinfuzz', { space }))?.[1];
  expect(replayOf('kf2_three', 'spaces/my own.yaml')).toBe("kinfuzz repro kf2_three --space 'spaces/my own.yaml' --passes twin");
  expect(replayOf('kf2_three', 'inline-helpers')).toBe('kinfuzz repro kf2_three --passes twin');
  expect(replayOf('corpus/cases/a.yaml', 'my.yaml')).toBe('kinfuzz repro corpus/cases/a.yaml --passes twin');
});

test('the end of a run tells each defect once, with its proof and its replay', () => {
  expect(formatSummary([makeVerdict({}), failed, { ...failed, index: 9 }, dropped, broken], 'kinfuzz')).toMatchInlineSnapshot(`
    "5 candidates: 1 passed, 2 failed, 1 dropped, 1 infra-error; 3 judged with inlining on

    FAILED builds:12345678 (2 of 5)
      rust/kernel.o was not built
      first seen in #3, arm64: lto=none
        log standard error
          error: x
          more
      replay: kinfuzz repro kf2_three

    DROPPED #4 x86_64: KMSAN=y became n (sanitizer=kmsan)
      replay: kinfuzz repro kf2_four

    INFRA-ERROR #5 x86_64: DISK_FULL: no space
      replay: kinfuzz repro kf2_five"
  `);
});
