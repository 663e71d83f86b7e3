import { expect, test } from 'vitest';
import property from '../../properties/btf-whole.ts';
import type { Artifact, Build } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const config = { DEBUG_INFO_BTF: 'y', DEBUG_INFO_BTF_MODULES: 'y' };
const artifacts: Artifact[] = [
  { path: 'a.o', kind: 'rust-object', part: 'module' },
  { path: 'a.ko', kind: 'module', part: 'module' },
];
const codegen = makeStep('a.o', 'codegen', 'clang -c a.m.bc -o a.o', { inputs: ['a.m.bc'], outputs: ['a.o'] });
const encode = makeStep('vmlinux', 'btf', 'pahole -J vmlinux', { inputs: ['vmlinux'], outputs: ['vmlinux'] });

function object(languages: string[], encodedTypes: string[] = []): FileFacts {
  return { ...elf(), compileUnits: languages.map((language) => ({ name: 'unit', language, producer: 'test' })), encodedTypes };
}

function linked(btfNames: string[] | null): FileFacts {
  const facts: FileFacts = { ...elf(), btfNames: btfNames ?? [] };
  if (btfNames) facts.elf?.sections.push({ name: '.BTF', type: 'SHT_PROGBITS', flags: [], size: 9 });
  return facts;
}

function judgeFiles(files: Record<string, FileFacts>, build: Partial<Build> = {}) {
  return judge(property, { config, artifacts, steps: [codegen, encode], ...build }, { 'a.o': object(['DW_LANG_Rust']), 'a.ko': linked(null), ...files });
}

test.each<[string, Record<string, FileFacts>]>([
  ['Rust that pahole leaves out', {}],
  ['Rust as DWARF 6 says it', { 'a.o': object(['DW_LNAME_Rust']) }],
  ['an object without debug information, which pahole refuses', { 'a.o': object([], ['never asked']) }],
  ['a unit of C, which is the matter of another claim', { 'a.o': object(['DW_LANG_Rust', 'DW_LANG_C11'], ['STRUCT file size=8']) }],
  ['an object that is bitcode, which is too', { 'a.o': bitcode() }],
  ['a kernel of C types, with a module', { 'vmlinux': linked(['task_struct']), 'a.ko': linked(['task_struct', 'own']) }],
  ['a module of Rust alone', { 'vmlinux': linked(['task_struct']), 'a.ko': linked(null) }],
])('passes: %s', async (_, files) => {
  expect(await judgeFiles(files)).toEqual({ result: 'passed' });
});

test.each<[string, Record<string, FileFacts>, string[]]>([
  ['a unit that says no language', { 'a.o': object(['DW_LANG_Rust', '']) }, ['language', 'none']],
  ['a unit of assembly', { 'a.o': object(['DW_LANG_Mips_Assembler']) }, ['language', 'DW_LANG_Mips_Assembler']],
  ['types that pahole encodes all the same', { 'a.o': object(['DW_LANG_Rust'], ['STRUCT Lock<i32> size=8']) }, ['encoded']],
  ['a kernel without BTF', { vmlinux: linked(null) }, ['missing']],
  ['a kernel with types of Rust', { vmlinux: linked(['task_struct', 'Option<u8>']) }, ['rust-types']],
  ['a module with types of Rust', { 'vmlinux': linked(['task_struct']), 'a.ko': linked(['task_struct', '&str']) }, ['rust-types']],
])('fails: %s', async (_, files, key) => {
  expect(keysOf(await judgeFiles(files))).toEqual([key]);
});

test('what an object lets through is not told again of the kernel; the command proves it', async () => {
  const judgement = await judgeFiles({ 'a.o': object(['']), 'vmlinux': linked(['Option<u8>']) });
  expect(judgement).toMatchObject({ failures: [{ key: ['language', 'none'], evidence: [{ kind: 'section' }, { kind: 'command', text: 'clang -c a.m.bc -o a.o' }] }] });
  expect(await judgeFiles({ vmlinux: linked(['Option<u8>']) })).toMatchObject({ failures: [{ evidence: [{ text: '.BTF: Option<u8>' }, { text: 'pahole -J vmlinux' }] }] });
});

test('says nothing where there is no BTF, or no Rust', async () => {
  expect((await judgeFiles({}, { config: {} })).result).toBe('not-applicable');
  expect((await judgeFiles({}, { artifacts: [] })).result).toBe('not-applicable');
});
