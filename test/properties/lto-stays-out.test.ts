import { expect, test } from 'vitest';
import property from '../../properties/lto-stays-out.ts';
import type { Artifact, Step } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const lto = { LTO_CLANG: 'y' };
const artifacts: Artifact[] = [
  { path: 'a/a.o', kind: 'rust-object', part: 'module' },
  { path: 'a/beside.o', kind: 'c-object', part: 'builtin' },
  { path: 'a/assembly.o', kind: 'c-object', part: 'builtin' },
  { path: 'a/a.mod.o', kind: 'c-object', part: 'module' },
  { path: 'b/elsewhere.o', kind: 'c-object', part: 'builtin' },
];
const compile = (name: string, source: string) => makeStep(`${name}.o`, 'other', `clang -c -o ${name}.o ${source}`, { inputs: [source], outputs: [`${name}.o`] });
const ofC = [compile('a/beside', '/src/a/beside.c'), compile('a/assembly', '/src/a/assembly.S'), compile('a/a.mod', 'a/a.mod.c'), compile('b/elsewhere', '/src/b/elsewhere.c')];
const codegen = (flags: string) => makeStep('a/a.o', 'codegen', `clang ${flags} -c a/a.m.bc -o a/a.o`, { inputs: ['a/a.m.bc'], outputs: ['a/a.o'] });
const crate = (flags: string) => makeStep('a/a.o', 'crate', `rustc ${flags} --emit=llvm-bc=a/a.bc a.rs`, { inputs: ['a.rs'], outputs: ['a/a.bc'] });
const toElf = (name: string) => makeStep(`${name}.o`, 'to-elf', `ld.lld -r -o ${name}.o ${name}.o`, { inputs: [`${name}.o`], outputs: [`${name}.o`] });
const files = { 'a/a.o': elf(), 'a/beside.o': bitcode(), 'a/assembly.o': elf(), 'a/a.mod.o': elf(), 'b/elsewhere.o': elf() };
function judgeSteps(steps: Step[], changes: Record<string, FileFacts> = {}, config: Record<string, string> = lto) {
  return judge(property, { config, artifacts, steps: [...ofC, ...steps] }, { ...files, ...changes });
}

test.each([
  ['no flag', '', ''],
  ['LTO undone', '-Clto=n -Cembed-bitcode=n', '-flto=thin -fno-lto'],
  ['bitcode for a plug-in, turned off again', '-Clinker-plugin-lto -Clinker-plugin-lto=no', '-fno-lto'],
])('passes: %s', async (_, rust, c) => {
  expect(await judgeSteps([crate(rust), codegen(c)])).toEqual({ result: 'passed' });
});

test.each([
  ['LTO whose bitcode becomes ELF', '', '-fno-lto -flto=thin -fsplit-lto-unit', ['codegen', '-flto']],
  ['half of what LTO takes', '', '-fno-lto -fsplit-lto-unit', ['codegen', '-fsplit-lto-unit']],
  ['the visibility that comes with LTO', '', '-fvisibility=hidden', ['codegen', '-fvisibility']],
  ['LTO of rustc', '-Clto=fat', '', ['crate', '-Clto']],
  ['LTO of rustc, apart', '-C lto', '', ['crate', 'lto']],
  ['bitcode for a plug-in', '-Clinker-plugin-lto', '', ['crate', '-Clinker-plugin-lto']],
])('fails: %s', async (_, rust, c, key) => {
  expect(keysOf(await judgeSteps([crate(rust), codegen(c), toElf('a/a')]))).toEqual([key]);
});

test('visibility is no business of LTO where there is none', async () => {
  expect(await judgeSteps([codegen('-fvisibility=hidden')], {}, {})).toEqual({ result: 'passed' });
});

test('an object that is bitcode, at its end or when objtool reads it, is the matter of another claim', async () => {
  expect(await judgeSteps([codegen('-flto')], { 'a/a.o': bitcode() })).toEqual({ result: 'passed' });
  const check = makeStep('a/a.o', 'check', 'objtool a/a.o', { inputs: ['a/a.o'], outputs: [] });
  expect(await judgeSteps([codegen('-flto'), check, toElf('a/a')])).toEqual({ result: 'passed' });
});

test.each(['.llvm.lto', '.llvmbc'])('bitcode beside native code fails, once: %s', async (name) => {
  const fat: FileFacts = elf();
  fat.elf?.sections.push({ name, type: 'SHT_PROGBITS', flags: [], size: 9 }, { name: '.llvmcmd', type: 'SHT_PROGBITS', flags: [], size: 1 });
  expect(keysOf(await judgeSteps([codegen('')], { 'a/a.o': fat }))).toEqual([['embedded']]);
  expect(keysOf(await judgeSteps([codegen('-flto -ffat-lto-objects')], { 'a/a.o': fat }))).toEqual([['codegen', '-flto']]);
});

test('bitcode that is linked into the kernel fails, once', async () => {
  const fat: FileFacts = elf();
  fat.elf?.sections.push({ name: '.llvmbc', type: 'SHT_PROGBITS', flags: [], size: 9 });
  const linked = { config: lto, artifacts: [...artifacts, { path: 'vmlinux.o', kind: 'kernel' as const, part: 'builtin' as const }], steps: ofC };
  expect(keysOf(await judge(property, linked, { ...files, 'vmlinux.o': fat }))).toEqual([['embedded']]);
  expect(await judge(property, linked, { ...files, 'vmlinux.o': elf() })).toEqual({ result: 'passed' });
});

test('C beside Rust is bitcode under LTO, unless ld -r made ELF of it', async () => {
  const native = { 'a/beside.o': elf() };
  expect(keysOf(await judgeSteps([], native))).toEqual([['c-object']]);
  expect(await judgeSteps([toElf('a/beside')], native)).toEqual({ result: 'passed' });
  expect(await judgeSteps([], native, {})).toEqual({ result: 'passed' });
});

test('says nothing about a build without Rust objects', async () => {
  expect((await judge(property, { config: lto, artifacts: artifacts.slice(1), steps: ofC }, files)).result).toBe('not-applicable');
});
