import { expect, test } from 'vitest';
import type { MutantRecord } from '../../src/verdict/mutants.ts';
import { runKinfuzz } from '../support/command.ts';

test('one record for each mutant, and their sum', async () => {
  const { code, stdout, stderr } = await runKinfuzz(['mutants', '--only', 'no-internalize,helpers-with-debug-info', '--json']).done;
  const records = stdout.trim().split('\n').map((line) => JSON.parse(line) as MutantRecord | Record<string, unknown>);
  expect(records.filter(({ kind }) => kind === 'mutant').map(({ name, state }) => [name, state]).sort()).toEqual([['helpers-with-debug-info', 'killed'], ['no-internalize', 'killed']]);
  expect(records.at(-1)).toMatchObject({ kind: 'mutants', tree: 'embedded', mutants: 2, killed: 2, alone: 2, lacking: [], exitCode: 0 });
  expect(stderr).toContain('2 mutants: 2 killed, each by its own property alone');
  expect(code).toBe(0);
});

test('a table for people', async () => {
  const { code, stdout } = await runKinfuzz(['mutants', '--property', 'writes-inside']).done;
  expect(stdout).toMatch(/^ {2}1 writes-inside$/m);
  expect(stdout).toMatch(/^writes-into-source +● {2}compiling the helpers leaves a note/m);
  expect(stdout).toMatch(/^1 mutants: 1 killed, each by its own property alone/m);
  expect(code).toBe(0);
});
