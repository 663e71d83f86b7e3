import { expect, test } from 'vitest';
import property from '../../properties/builds.ts';
import type { Build, Diagnostic } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { judge, keysOf } from './facts.ts';

const step = makeStep('rust/kernel.o', 'codegen', 'clang -c rust/kernel.m.bc -o rust/kernel.o', { inputs: [], outputs: [] });
const failed: Build['outcome'] = { kind: 'failed', step, target: 'rust/kernel.o', summary: 'clang exited with 1' };
const error = (target: string | null, text: string, tool = 'clang'): Diagnostic => ({ severity: 'error', tool, target, text });

test('a build that succeeded passes', async () => {
  expect(await judge(property, {})).toEqual({ result: 'passed' });
});

test.each<Build['outcome']>([
  { kind: 'timed-out', afterMs: 1 },
  { kind: 'cancelled' },
  { kind: 'infra', code: 'DISK_FULL', message: '' },
])('a build that came to no end says nothing: $kind', async (outcome) => {
  expect((await judge(property, { outcome })).result).toBe('not-applicable');
});

test('the first error of a target identifies the failure; command and log prove it', async () => {
  const diagnostics = [
    { ...error('rust/kernel.o', 'a.c:1: warning: odd'), severity: 'warning' as const },
    error('rust/kernel.o', '/src/a.c:12:3: error: unknown type\n  12 | x y;'),
    error('rust/kernel.o', '/src/a.c:14:3: error: too many'),
  ];
  const judgement = await judge(property, { outcome: failed, diagnostics });
  expect(keysOf(judgement)).toEqual([['clang', 'a.c: error: unknown type']]);
  expect(judgement).toMatchObject({
    failures: [{ evidence: [{ kind: 'command', text: 'clang -c rust/kernel.m.bc -o rust/kernel.o' }, { kind: 'log' }, { kind: 'log' }] }],
  });
});

test('which job failed first does not matter', async () => {
  const diagnostics = [error('a.o', '/src/a.c:1: error: one'), error('b.o', '/src/b.c:1: error: two'), error('c.o', '/src/a.c:1: error: one')];
  const keys = keysOf(await judge(property, { outcome: failed, diagnostics }));
  expect(keys).toEqual([['clang', 'a.c: error: one'], ['clang', 'b.c: error: two']]);
});

test('a build that failed in silence is told by its summary', async () => {
  expect(keysOf(await judge(property, { outcome: failed }))).toEqual([['clang', 'clang exited with <n>']]);
  const nothingKnown: Build['outcome'] = { kind: 'failed', step: null, target: null, summary: 'make: *** Error 2' };
  expect(keysOf(await judge(property, { outcome: nothingKnown }))).toEqual([['make', 'make: *** Error <n>']]);
});
