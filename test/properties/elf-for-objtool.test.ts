import { expect, test } from 'vitest';
import property from '../../properties/elf-for-objtool.ts';
import type { Artifact, Step } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, judge, keysOf } from './facts.ts';

const object: Artifact = { path: 'a.o', kind: 'rust-object', part: 'module' };
const codegen = (flags: string) => makeStep('a.o', 'codegen', `clang ${flags} -c a.m.bc -o a.o`, { inputs: ['a.m.bc'], outputs: ['a.o'] });
const toElf = makeStep('a.o', 'to-elf', 'ld.lld -r -o .tmp_a.o a.o', { inputs: ['a.o'], outputs: ['.tmp_a.o'] });
const move = makeStep('a.o', 'other', 'mv .tmp_a.o a.o', { inputs: ['.tmp_a.o'], outputs: ['a.o'] });
const check = makeStep('a.o', 'check', './tools/objtool/objtool --orc a.o', { inputs: ['./a.o'], outputs: [] });
const judgeSteps = (steps: Step[], facts = elf()) => judge(property, { artifacts: [object], steps }, { 'a.o': facts });

test.each([
  ['native code', [codegen(''), check]],
  ['LTO undone', [codegen('-flto -fno-lto'), check]],
  ['bitcode made ELF before the check', [codegen('-flto=thin'), toElf, move, check]],
  ['rustc on its own', [makeStep('a.o', 'crate', 'rustc --emit=obj=a.o a.rs', { inputs: ['a.rs'], outputs: ['a.o'] }), check]],
])('passes: %s', async (_, steps) => {
  expect(await judgeSteps(steps)).toEqual({ result: 'passed' });
});

test.each([
  ['bitcode all the way', [codegen('-flto'), check]],
  ['ELF made too late', [codegen('-flto'), check, toElf, move]],
  ['ELF made beside the object', [codegen('-flto'), toElf, check]],
  ['linker-plugin LTO of rustc', [makeStep('a.o', 'crate', 'rustc -Clinker-plugin-lto --emit=obj=a.o', { inputs: [], outputs: ['a.o'] }), check]],
])('fails by the commands, though the file is ELF by now: %s', async (_, steps) => {
  expect(keysOf(await judgeSteps(steps))).toEqual([['bitcode', 'check']]);
});

test('fails where the object is written again after the check, by another target not', async () => {
  expect(keysOf(await judgeSteps([codegen(''), check, codegen('')]))).toEqual([['rewritten']]);
  expect(keysOf(await judgeSteps([codegen(''), check, toElf, move]))).toEqual([['rewritten']]);
  expect(await judgeSteps([codegen(''), check, makeStep('b.o', 'to-elf', 'ld.lld -r -o b.o a.o', { inputs: ['a.o'], outputs: ['b.o'] })])).toEqual({ result: 'passed' });
});

test('without a check the file decides', async () => {
  expect(keysOf(await judgeSteps([codegen('-flto')], bitcode()))).toEqual([['bitcode', 'end']]);
  expect(await judgeSteps([codegen('-flto')])).toEqual({ result: 'passed' });
  expect(keysOf(await judgeSteps([codegen('')], { format: 'missing' }))).toEqual([['missing', 'end']]);
});

test('the machine is that of the architecture; the key does not tell which', async () => {
  const files = { 'a.o': elf([], 'EM_AARCH64') };
  expect(await judge(property, { arch: 'arm64', artifacts: [object] }, files)).toEqual({ result: 'passed' });
  expect(keysOf(await judge(property, { arch: 'um', artifacts: [object] }, files))).toEqual([['machine']]);
});

test('says nothing about a build without Rust objects, or one that failed', async () => {
  expect((await judge(property, {})).result).toBe('not-applicable');
  const outcome = { kind: 'failed' as const, step: null, target: null, summary: '' };
  expect((await judge(property, { outcome, artifacts: [object] })).result).toBe('not-applicable');
});

test('what is linked of good objects is ELF too', async () => {
  const artifacts: Artifact[] = [object, { path: 'vmlinux.o', kind: 'kernel', part: 'builtin' }, { path: 'a.ko', kind: 'module', part: 'module' }];
  const files = { 'a.o': elf(), 'vmlinux.o': elf(), 'a.ko': elf() };
  expect(await judge(property, { artifacts }, files)).toEqual({ result: 'passed' });
  expect(keysOf(await judge(property, { artifacts }, { ...files, 'vmlinux.o': bitcode() }))).toEqual([['bitcode', 'end']]);
  expect(keysOf(await judge(property, { artifacts }, { ...files, 'a.ko': elf([], 'EM_AARCH64') }))).toEqual([['machine']]);
});
