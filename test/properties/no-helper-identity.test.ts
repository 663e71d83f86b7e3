import { describe, expect, test } from 'vitest';
import property from '../../properties/no-helper-identity.ts';
import type { BitcodeVariable } from '../../src/artifact/reader.ts';
import type { Artifact } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'helpers_module.bc', kind: 'helper-bitcode', part: 'module' },
  { path: 'a.m.bc', kind: 'linked-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
  { path: 'other.o', kind: 'rust-object', part: 'builtin' },
];
const compile = (name: string) => makeStep(`${name}.bc`, 'helpers', `clang -DKBUILD_MODNAME="${name}" -D__KBUILD_MODNAME=${name} -DKBUILD_BASENAME="${name}" -c h.c`, { inputs: [], outputs: [`${name}.bc`] });
const steps = [
  compile('helpers'),
  compile('helpers_module'),
  makeStep('a.o', 'link', 'llvm-link a.bc helpers.bc -o a.m.bc', { inputs: ['a.bc', './helpers.bc'], outputs: ['a.m.bc'] }),
];
const variable = (text: string, section: string | null = null, name = '.str'): BitcodeVariable => ({ name, section, strings: [text] });
const object = (...strings: string[]): FileFacts => ({ ...elf(), sectionStrings: [{ section: '.rodata', strings }] });
function judgeFiles(changes: Record<string, FileFacts>) {
  const files = { 'helpers.bc': bitcode(), 'helpers_module.bc': bitcode(), 'a.m.bc': bitcode(), 'a.o': object(), 'other.o': object(), ...changes };
  return judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps }, files);
}
const judgeHelpers = (...variables: BitcodeVariable[]) => judgeFiles({ 'helpers.bc': bitcode([], [], { variables }) });

describe('passes', () => {
  test.each<[string, BitcodeVariable]>([
    ["a header's file", variable('include/linux/file_ref.h')],
    ['a word that only holds the name', variable('drm_helpers')],
    ['a word of a sentence', variable('no helpers left')],
    ['a message of another', variable('\x016other: hello')],
    ['a section that is no table', { name: 'x', section: '.discard.addressable', strings: [] }],
    ["KASAN's record", variable('/src/rust/helpers/helpers.c', null, '___asan_gen_module')],
  ])('%s', async (_, known) => {
    expect(await judgeHelpers(known)).toEqual({ result: 'passed' });
  });

  test('file names that stay in the bitcode, are of headers, or in records for KASAN alone', async () => {
    const variables = [variable('rust/helpers/bug.c'), variable('/src/rust/helpers/helpers.c', null, '___asan_gen_module')];
    const files = { 'helpers.bc': bitcode([], [], { variables }), 'a.o': object('include/linux/x.h', '..A/src/rust/helpers/helpers.c'), 'other.o': object('rust/helpers/bug.c') };
    expect(await judgeFiles(files)).toEqual({ result: 'passed' });
  });

  test('types of functions that KCFI compares', async () => {
    const assembly = ['.weak __kcfi_typeid_copy_page', '.set __kcfi_typeid_copy_page, 4294895076 /* -72220 */'];
    expect(await judgeFiles({ 'helpers.bc': bitcode([], [], { moduleAssembly: assembly }) })).toEqual({ result: 'passed' });
  });
});

describe('fails', () => {
  test.each<[string, BitcodeVariable, string[]]>([
    ['the name alone', variable('helpers'), ['modname', '<unit>']],
    ['in a message', variable('\x016helpers: %d\n'), ['modname', '<unit>: %d.']],
    ['in brackets', variable('\x014[helpers] no room'), ['modname', '[<unit>] no room']],
    ['module information of what is built in', variable('helpers.import_ns=PWM', '.modinfo'), ['modinfo', 'import_ns=PWM']],
    ['module information of a module', variable('import_ns=PWM', '.modinfo'), ['modinfo', 'import_ns=PWM']],
    ['a parameter', { name: '__param_x', section: '__param', strings: [] }, ['metadata', '__param']],
  ])('%s', async (_, known, key) => {
    expect(keysOf(await judgeHelpers(known))).toEqual([key]);
  });

  test('a name that is no word, wherever it stands but in a path', async () => {
    const judgeModule = (text: string) => judgeFiles({ 'helpers_module.bc': bitcode([], [], { variables: [variable(text)] }) });
    expect(keysOf(await judgeModule('warning of helpers_module, again'))).toEqual([['modname', 'warning of <unit>, again']]);
    expect(await judgeModule('rust/helpers_module/x.c')).toEqual({ result: 'passed' });
    expect(await judgeModule('drm_helpers_module')).toEqual({ result: 'passed' });
  });

  test("a symbol that is built from the unit's name", async () => {
    const named = bitcode([{ name: '__initcall__kmod_helpers__1_2_start6', kind: 'variable' }]);
    expect(keysOf(await judgeFiles({ 'helpers.bc': named }))).toEqual([['modname', '__initcall__kmod_<unit>__1_2_start6']]);
  });

  test('assembly of no function, and where it gets to', async () => {
    const known = bitcode([], [], { moduleAssembly: ['.globl odd'] });
    const judgement = await judgeFiles({ 'helpers.bc': known, 'a.m.bc': known });
    expect(keysOf(judgement)).toEqual([['assembly', '.globl odd']]);
    expect(judgement).toMatchObject({ failures: [{ summary: "helpers.bc: assembly of no function '.globl odd', which reaches a.m.bc" }] });
  });

  test('a file of the helpers in an object, whatever stands before it', async () => {
    const judgement = await judgeFiles({ 'a.o': object('include/linux/x.h', '.?rust/helpers/net/genetlink.c') });
    expect(keysOf(judgement)).toEqual([['file-name']]);
    expect(judgement).toMatchObject({ failures: [{ evidence: [{ kind: 'section', where: 'a.o', text: '.rodata: rust/helpers/net/genetlink.c' }, { kind: 'command' }] }] });
  });

  test.each<[string, { text: string; callee: string }[], string[][]]>([
    ['the place of a bug', [{ text: 'rust/helpers/err.c', callee: 'asm' }, { text: 'rust/helpers/err.c', callee: '__might_sleep' }], [['file-name']]],
    ['what a helper prints', [{ text: '/src/rust/helpers/err.c', callee: '_printk' }, { text: 'rust/helpers/other.c', callee: 'asm' }], [['file-name', '_printk']]],
    ['both', [{ text: 'rust/helpers/err.c', callee: 'asm' }, { text: 'rust/helpers/err.c', callee: '_printk' }], [['file-name'], ['file-name', '_printk']]],
  ])('a file that is %s', async (_, passed, keys) => {
    expect(keysOf(await judgeFiles({ 'helpers.bc': bitcode([], [], { passed }), 'a.o': object('rust/helpers/err.c') }))).toEqual(keys);
  });

  test('both helper bitcodes once, with each object that it reaches', async () => {
    const judgement = await judgeFiles({
      'helpers.bc': bitcode([], [], { variables: [variable('helpers: x')] }),
      'helpers_module.bc': bitcode([], [], { variables: [variable('helpers_module: x')] }),
      'a.o': object('..helpers: x'),
      'other.o': object('helpers: x'),
    });
    expect(keysOf(judgement)).toEqual([['modname', '<unit>: x']]);
    expect(judgement).toMatchObject({ failures: [{ summary: "helpers.bc, helpers_module.bc: the unit's name '<unit>: x', which reaches a.o" }] });
  });

  test('many of a kind once', async () => {
    expect(keysOf(await judgeHelpers(...['a', 'b', 'c', 'd'].map((tag) => variable(`${tag}=x`, '.modinfo'))))).toEqual([['modinfo', 'many']]);
  });
});

test('an object that is bitcode is left to the property that is about that', async () => {
  expect(await judgeFiles({ 'a.o': bitcode() })).toEqual({ result: 'passed' });
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judge(property, { artifacts, steps })).result).toBe('not-applicable');
});
