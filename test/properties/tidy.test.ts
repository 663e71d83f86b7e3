import { expect, test } from 'vitest';
import property from '../../properties/tidy.ts';
import writes from '../../properties/writes-inside.ts';
import type { Cleaned } from '../../src/property/contract.ts';
import { emptyBuild } from '../property/builds.ts';
import { judge, keysOf, recite } from './facts.ts';

const cleaned: Cleaned = { failure: null, before: ['rust/kernel.bc'], after: ['.config', 'rust/helpers/helpers_module.bc'], unignored: [] };

async function keys(clean: Partial<Cleaned>) {
  return keysOf(await property.judge({ build: emptyBuild, artifacts: recite({}), passes: { clean: { ...cleaned, ...clean } } }));
}

test('what modules outside the tree need may stay', async () => {
  expect(await keys({})).toBe('passed');
});

test('bitcode that make clean leaves, in one failure', async () => {
  expect(await keys({ after: ['rust/kernel.bc', 'rust/kernel.m.bc', 'rust/kernel.o'] })).toEqual([['left']]);
});

test('bitcode that git does not ignore', async () => {
  expect(await keys({ unignored: ['rust/kernel.bc'] })).toEqual([['unignored']]);
});

test('a make clean that fails', async () => {
  expect(await keys({ failure: 'error: no rule' })).toEqual([['fails', 'error: no rule']]);
});

test('a write that was refused', async () => {
  const text = "touch: cannot touch '/src/rust/helpers/x.stamp': Read-only file system";
  const diagnostics = [{ severity: 'warning' as const, tool: 'touch', target: null, text }];
  expect(keysOf(await judge(writes, { diagnostics }))).toEqual([['touch', "touch: cannot touch 'x.stamp': Read-only file system"]]);
  expect(keysOf(await judge(writes, { diagnostics: [] }))).toBe('passed');
});
