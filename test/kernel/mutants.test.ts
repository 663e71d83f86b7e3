import { expect, test } from 'vitest';
import type { MutantRecord } from '../../src/verdict/mutants.ts';
import { runKinfuzz } from '../support/command.ts';

/** Quick ones, of one configuration: after its healthy build make does little again. */
const names = ['builtin-with-module-helpers', 'crates-not-internalized', 'option-on-uml'];

test("defects in Linux 7.3's own build and Kconfig are caught", async () => {
  const { code, stdout, stderr } = await runKinfuzz(['mutants', '--tree', 'debian:linux-source-7.3', '--only', names.join(), '--json']).done;
  process.stderr.write(stderr);
  const records = stdout.trim().split('\n').map((line) => JSON.parse(line) as MutantRecord).filter(({ kind }) => kind === 'mutant');
  expect(records.map(({ name, state, property }) => [name, state, property]).sort()).toEqual([
    ['builtin-with-module-helpers', 'killed', 'module-variant'],
    ['crates-not-internalized', 'killed', 'helpers-internal'],
    ['option-on-uml', 'killed', 'gating'],
  ]);
  expect(code).toBe(0);
});
