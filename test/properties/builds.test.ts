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

test.each([true, false])('errors of no known target are each a failure: logged backwards %s', async (isBackwards) => {
  const diagnostics = [error(null, '/src/a.c:1: error: one'), error(null, '/src/b.c:1: error: two'), error(null, '/src/c.c:9: error: one')];
  const judgement = await judge(property, { outcome: failed, diagnostics: isBackwards ? diagnostics.toReversed() : diagnostics });
  const keys = keysOf(judgement);
  expect(typeof keys === 'string' ? keys : keys.map(String).sort()).toEqual(['clang,a.c: error: one', 'clang,b.c: error: two', 'clang,c.c: error: one']);
  expect(JSON.stringify(judgement)).not.toContain('"command"');
});

test('the command is shown with the failure of its own target alone', async () => {
  const judgement = await judge(property, { outcome: failed, diagnostics: [error('b.o', '/src/b.c:1: error: two'), error('rust/kernel.o', '/src/a.c:1: error: one')] });
  const kinds = judgement.result === 'failed' ? judgement.failures.map(({ evidence }) => evidence.map(({ kind }) => kind)) : [];
  expect(kinds).toEqual([['log'], ['command', 'log']]);
});

test("make's own message counts where no tool spoke", async () => {
  const gave = (target: string) => error(target, `make[4]: *** [/src/Makefile:3: ${target}] Error 1`, 'make');
  const keys = async (...diagnostics: Diagnostic[]) => keysOf(await judge(property, { outcome: failed, diagnostics }));
  expect(await keys(error('a.o', 'a.c:1: error: one'), gave('a.o'))).toEqual([['clang', 'a.c: error: one']]);
  expect(await keys(gave('b.o'), error('a.o', 'a.c:1: error: one'), gave('a.o'))).toEqual([
    ['clang', 'a.c: error: one'], ['make', 'make: *** [Makefile:<n>: b.o] Error <n>'],
  ]);
  const unclaimed = error(null, "clang: error: unknown argument: '-fodd'");
  expect(await keys(unclaimed, unclaimed, gave('a.o'), gave('b.o'))).toEqual([['clang', "clang: error: unknown argument: '-fodd'"]]);
  const phony = error(null, 'make: *** [Makefile:9: prepare] Error 1', 'make');
  expect(await keys(error('a.o', 'a.c:1: error: one'), phony)).toEqual([['clang', 'a.c: error: one']]);
  expect(await keys(phony)).toEqual([['make', 'make: *** [Makefile:<n>: prepare] Error <n>']]);
});

test('a build that failed in silence is told by its summary', async () => {
  expect(keysOf(await judge(property, { outcome: failed }))).toEqual([['clang', 'clang exited with <n>']]);
  const nothingKnown: Build['outcome'] = { kind: 'failed', step: null, target: null, summary: 'make: *** Error 2' };
  expect(keysOf(await judge(property, { outcome: nothingKnown }))).toEqual([['make', 'make: *** Error <n>']]);
});

test('what objtool has against Rust code is left to the property that is about that', async () => {
  const crate = makeStep('rust/kernel.o', 'crate', 'rustc --emit=obj=rust/kernel.o', { inputs: [], outputs: ['rust/kernel.o'] });
  const complaint = error('rust/kernel.o', 'rust/kernel.o: error: objtool: f+0x1: unreachable instruction', 'objtool');
  const given = error('rust/kernel.o', 'make[4]: *** [/src/Makefile:3: rust/kernel.o] Error 1', 'make');
  const ofC = error('a.o', 'a.o: error: objtool: g+0x1: unreachable instruction', 'objtool');
  const keys = async (...diagnostics: Diagnostic[]) => keysOf(await judge(property, { outcome: failed, steps: [crate], diagnostics }));
  expect(await keys(complaint, given, error(null, 'make: *** [Makefile:9: prepare] Error 1', 'make'))).toBe('not-applicable');
  expect(await keys(complaint, given, ofC)).toEqual([['objtool', 'a.o: error: objtool: g+<address>: unreachable instruction']]);
  expect(await keys(complaint, error('rust/kernel.o', 'k.rs:1:1: error: odd'))).toEqual([['clang', 'k.rs: error: odd']]);
  expect(await keys(error('rust/kernel.o', "objtool: unknown option '--odd'", 'objtool'))).toEqual([['objtool', "objtool: unknown option '--odd'"]]);
});
