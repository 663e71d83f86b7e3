import { expect, test } from 'vitest';
import { formatKillMatrix, formatKillSum, formatMutant } from '../../src/report/mutants.ts';
import { decideMutant, excuseMutant, type MutantRecord, type Outcome } from '../../src/verdict/mutants.ts';

const failure = (property: string, hash: string) => ({ property, signature: `${property}:${hash}`, summary: `${property} fails`, evidence: [] });
const record = (name: string, property: string, outcome: Outcome): MutantRecord => ({ kind: 'mutant', name, property, defect: `the defect of ${name}`, arch: 'x86_64', ...outcome, ms: 1500 });
const mutant = { name: 'm', property: 'one', defect: '' };

const killed = record('killed', 'one', decideMutant(mutant, [failure('one', 'a')], []));
const shared = record('shared', 'one', decideMutant(mutant, [failure('one', 'a'), failure('two', 'b')], []));
const survived = record('survived', 'one', decideMutant(mutant, [failure('one', 'known')], [failure('one', 'known')]));
const missed = record('missed', 'one', decideMutant(mutant, [failure('two', 'b')], []));
const unfit = record('unfit', 'two', excuseMutant('unfit', 'this tree has no a/Makefile'));

test('a mutant is killed by what the healthy build does not show', () => {
  expect([killed, shared, survived, missed, unfit].map(({ state }) => state)).toEqual(['killed', 'killed', 'survived', 'misdirected', 'unfit']);
});

test('each is told in a line', () => {
  expect([killed, shared, survived, missed, unfit].map(formatMutant)).toEqual([
    'killed x86_64 killed by one (1.5 s)',
    'shared x86_64 killed by one, and by two (1.5 s)',
    'survived x86_64 SURVIVED (one) (1.5 s)',
    'missed x86_64 MISSED by one, killed by two (1.5 s)',
    'unfit x86_64 does not apply: this tree has no a/Makefile (1.5 s)',
  ]);
});

test('the matrix marks who killed whom', () => {
  const rows = formatKillMatrix([killed, shared, survived, missed, unfit], []).split('\n');
  expect(rows.slice(0, 9)).toEqual([
    '  1 one',
    '  2 two',
    '',
    '           1  2',
    'killed     ●  ·  the defect of killed',
    'shared     ●  ○  the defect of shared',
    'survived   -  ·  SURVIVED: the defect of survived',
    'missed     -  ○  MISSED: the defect of missed',
    'unfit      ·  ·  does not apply: the defect of unfit',
  ]);
  expect(rows).toContain('without any mutant, x86_64 fails too: one:known one fails');
});

test('the sum says what is missing', () => {
  expect(formatKillSum([killed], ['one'])).toBe('1 mutants: 1 killed, each by its own property alone; every property has one');
  expect(formatKillSum([shared, survived, missed, unfit], ['one', 'two'])).toBe(
    '4 mutants: 1 killed, 0 of them by its own property alone; 1 SURVIVED: survived; 1 caught by other properties only: missed; 1 not applicable to this tree: unfit; no mutant was killed by two',
  );
});
