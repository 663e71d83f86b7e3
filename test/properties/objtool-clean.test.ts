import { describe, expect, test } from 'vitest';
import property from '../../properties/objtool-clean.ts';
import type { Build, Diagnostic } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { judge, keysOf } from './facts.ts';

const steps = [
  makeStep('rust/kernel.o', 'crate', 'rustc --emit=obj=rust/kernel.o', { inputs: [], outputs: ['rust/kernel.o'] }),
  makeStep('rust/kernel.o', 'check', 'objtool --orc rust/kernel.o', { inputs: ['rust/kernel.o'], outputs: ['rust/kernel.o'] }),
];
const say = (message: string, target = 'rust/kernel.o', severity: Diagnostic['severity'] = 'warning'): Diagnostic =>
  ({ severity, tool: 'objtool', target, text: `${target}: ${severity}: objtool: ${message}` });
const failed: Build['outcome'] = { kind: 'failed', step: null, target: 'rust/kernel.o', summary: '' };
const keysFor = async (...diagnostics: Diagnostic[]) => keysOf(await judge(property, { steps, diagnostics }));

test('a build in which objtool says nothing passes', async () => {
  expect(await keysFor()).toBe('passed');
});

test('a build without objtool, or that came to no end, says nothing', async () => {
  expect(await judge(property, {})).toEqual({ result: 'not-applicable', reason: 'objtool is not run' });
  expect((await judge(property, { steps, outcome: { kind: 'cancelled' } })).result).toBe('not-applicable');
  expect((await judge(property, { steps, outcome: failed })).result).toBe('not-applicable');
});

describe('fails, told by kind and place', () => {
  test.each([
    ['f+0x12: unreachable instruction', ['unreachable instruction', 'f']],
    ['f+0x12 (.text+0x7f): unreachable instruction', ['unreachable instruction', 'f']],
    ['f() falls through to next function g()', ['falls through to next function', 'f']],
    ['.text: unexpected end of section', ['.text: unexpected end of section']],
    ['_RNvNtCsl7L7n58I0Vr_6kernel3cpu4halt+0x9: call to machine_halt() with UACCESS enabled', ['call to machine_halt() with UACCESS enabled', '_RNvNtC6kernel3cpu4halt']],
  ])('%s', async (message, key) => {
    expect(await keysFor(say(message))).toEqual([key]);
  });

  test('the same as a warning and as an error that ends the build', async () => {
    const message = 'f+0x12: unreachable instruction';
    const errors = await judge(property, { steps, outcome: failed, diagnostics: [say(message, 'rust/kernel.o', 'error')] });
    expect(keysOf(errors)).toEqual(await keysFor(say(message)));
  });

  test('a few places each, many once', async () => {
    const places = Array.from({ length: 4 }, (_, index) => say(`f${index}+0x1: unreachable instruction`));
    expect(await keysFor(...places.slice(0, 2))).toEqual([['unreachable instruction', 'f0'], ['unreachable instruction', 'f1']]);
    const judgement = await judge(property, { steps, diagnostics: places });
    expect(keysOf(judgement)).toEqual([['unreachable instruction', 'many']]);
    expect(judgement).toMatchObject({ failures: [{ summary: 'rust/kernel.o: 4 places: unreachable instruction' }] });
  });

  test('Rust code in a file that is linked of several objects, with the command', async () => {
    const whole = makeStep('vmlinux.o', 'check', 'objtool --link vmlinux.o', { inputs: ['vmlinux.o'], outputs: ['vmlinux.o'] });
    const judgement = await judge(property, { steps: [...steps, whole], diagnostics: [say('_RNvC6kernel4halt() falls through to next function f()', 'vmlinux.o')] });
    expect(keysOf(judgement)).toEqual([['falls through to next function', '_RNvC6kernel4halt']]);
    expect(judgement).toMatchObject({ failures: [{ evidence: [{ kind: 'log' }, { kind: 'command', text: 'objtool --link vmlinux.o' }] }] });
  });
});

test('helpers are C code unless they are inlined', async () => {
  const diagnostics = [say('rust_helper_a+0x1: unreachable instruction', 'vmlinux.o')];
  expect(await keysFor(...diagnostics)).toBe('passed');
  expect(keysOf(await judge(property, { steps, diagnostics, config: { RUST_INLINE_HELPERS: 'y' } }))).toEqual([['unreachable instruction', 'rust_helper_a']]);
});

test.each([
  ['C code', say('f+0x1: unreachable instruction', 'a.o')],
  ['C code linked with Rust', say('f+0x1: unreachable instruction', 'vmlinux.o')],
  ['another tool', { ...say('f+0x1: odd'), tool: 'clang' }],
  ["objtool's own fault", { ...say('x'), text: "objtool: unknown option '--odd'" }],
])('says nothing of %s', async (_, diagnostic) => {
  expect(await keysFor(diagnostic)).toBe('passed');
});
