import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArtifacts } from '../../src/artifact/open.ts';
import { openTiny, type Tiny } from './tiny.ts';

const helperSource = `
extern int outside(int);
extern int maybe(int) __attribute__((weak));
int shared = 3;
__attribute__((weak)) int weak_one(void) { return 1; }
static __attribute__((noinline)) int inner(int x) { return outside(x) + shared; }
__attribute__((visibility("hidden"))) int rust_helper_sum(int x) { return inner(x) + (maybe ? maybe(x) : 0); }
const char *tag(void) { return "kinfuzz-tag"; }
extern __typeof__(tag) other_tag __attribute__((alias("tag")));
`;

const { signal } = new AbortController();
let tiny: Tiny;
beforeAll(async () => {
  tiny = await openTiny();
  await tiny.write('helper.c', helperSource);
  await tiny.write('empty.c', '');
  await tiny.write('crate.rs', '#![no_std]\n#[no_mangle]\npub extern "C" fn from_rust(x: u32) -> u32 { x + 1 }\n');
  await tiny.run('clang', '-c', '-O1', 'helper.c', '-o', 'helper.o');
  await tiny.run('clang', '-c', '-g', '-gdwarf-5', 'helper.c', '-o', 'debug.o');
  await tiny.run('clang', '-c', '-O1', '-emit-llvm', 'helper.c', '-o', 'helper.bc');
  await tiny.run('clang', '-c', '-g', '-emit-llvm', 'helper.c', '-o', 'debug.bc');
  await tiny.run('clang', '--target=aarch64-linux-gnu', '-c', 'helper.c', '-o', 'arm64.o');
  await tiny.run('clang', '-c', 'empty.c', '-o', 'empty.o');
  await tiny.run('llvm-objcopy', '--strip-sections', 'helper.o', 'bare.o');
  await tiny.run('rustc', '--crate-type=rlib', '-Cpanic=abort', '-g', '--emit=obj=crate.o,llvm-bc=crate.bc', 'crate.rs');
}, 60_000);
afterAll(() => tiny.remove());

describe('format', () => {
  test.each([
    ['helper.o', 'elf'],
    ['helper.bc', 'bitcode'],
    ['helper.c', 'other'],
    ['empty.c', 'empty'],
    ['nowhere.o', 'missing'],
    ['empty.c/nowhere.o', 'missing'],
  ])('%s is %s', async (path, format) => {
    expect(await tiny.reader.format(path)).toBe(format);
  });

  test('an archive, thin or not', async () => {
    await tiny.run('llvm-ar', 'rcs', 'all.a', 'helper.o');
    await tiny.run('llvm-ar', 'rcs', '--thin', 'thin.a', 'helper.o');
    expect(await tiny.reader.format('all.a')).toBe('archive');
    expect(await tiny.reader.format('thin.a')).toBe('archive');
  });

  test('a link that leads out of the objtree is not followed', async () => {
    await symlink('/etc/hostname', join(tiny.directory, 'outside'));
    await mkdir(join(tiny.directory, 'directory'));
    expect(await tiny.reader.format('outside')).toBe('other');
    expect(await tiny.reader.text('outside')).toBeNull();
    expect(await tiny.reader.format('directory')).toBe('other');
  });
});

describe('elf', () => {
  test('machine, sections and symbols', async () => {
    const { machine, type, sections, symbols } = await tiny.reader.elf('helper.o');
    expect({ machine, type }).toEqual({ machine: 'EM_X86_64', type: 'Relocatable' });
    expect(sections).toContainEqual(expect.objectContaining({ name: '.text', type: 'SHT_PROGBITS', flags: ['SHF_ALLOC', 'SHF_EXECINSTR'] }));
    const named = (name: string) => symbols.find((symbol) => symbol.name === name);
    expect(named('rust_helper_sum')).toMatchObject({ binding: 'global', type: 'Function', visibility: 'hidden', section: '.text' });
    expect(named('weak_one')).toMatchObject({ binding: 'weak', visibility: 'default' });
    expect(named('inner')).toMatchObject({ binding: 'local' });
    expect(named('outside')).toMatchObject({ binding: 'global', section: 'UNDEF', size: 0 });
    expect(named('shared')).toMatchObject({ type: 'Object', section: '.data', size: 4 });
    expect(named('helper.c')).toMatchObject({ type: 'File', section: 'ABS' });
  });

  test('of another machine', async () => {
    expect((await tiny.reader.elf('arm64.o')).machine).toBe('EM_AARCH64');
  });

  test('without symbols of its own, and without any section', async () => {
    expect((await tiny.reader.elf('empty.o')).symbols.map(({ name }) => name)).toEqual(['empty.c']);
    expect(await tiny.reader.elf('bare.o')).toMatchObject({ sections: [], symbols: [] });
  });

  test('thousands of symbols', async () => {
    const functions = Array.from({ length: 20_000 }, (_, index) => `void f${index}(void) {}`);
    await tiny.write('many.c', functions.join('\n'));
    await tiny.run('clang', '-c', 'many.c', '-o', 'many.o');
    const { symbols } = await tiny.reader.elf('many.o');
    expect(symbols.filter(({ type }) => type === 'Function')).toHaveLength(20_000);
  }, 30_000);
});

describe('bitcode', () => {
  test('linkage of functions, variables and aliases', async () => {
    const { triple, dataLayout, sourceFile, symbols } = await tiny.reader.bitcode('helper.bc');
    expect({ triple, sourceFile }).toEqual({ triple: expect.stringMatching(/^x86_64-.*linux-gnu$/), sourceFile: 'helper.c' });
    expect(dataLayout).toMatch(/^e-m:e/);
    const facts = Object.fromEntries(symbols.map(({ name, ...rest }) => [name, rest]));
    expect(facts).toMatchObject({
      rust_helper_sum: { kind: 'function', linkage: 'external', isDefined: true },
      inner: { kind: 'function', linkage: 'internal', isDefined: true },
      weak_one: { kind: 'function', linkage: 'weak', isDefined: true },
      outside: { kind: 'function', linkage: 'external', isDefined: false },
      maybe: { kind: 'function', linkage: 'extern_weak', isDefined: false },
      shared: { kind: 'variable', linkage: 'external', isDefined: true },
      other_tag: { kind: 'alias', linkage: 'external', isDefined: true },
    });
  });

  test('strings, for names that no text search finds in bitcode', async () => {
    expect((await tiny.reader.bitcode('helper.bc')).variables.flatMap(({ strings }) => strings)).toContain('kinfuzz-tag');
  });

  test('names and types that need quotes, and bodies for inlining alone', async () => {
    const ir = [
      '%"odd @type" = type { i32 }',
      '@"a b" = external global i32',
      String.raw`@"\01_asm" = thread_local global i32 0`,
      String.raw`@"\C3\A4" = extern_weak global i32`,
      '@text = private constant [3 x i8] c"@x\\00"',
      'define available_externally i32 @body() { ret i32 0 }',
      'define %"odd @type" @"a@b"() { unreachable }',
      'define linkonce_odr hidden void @twice() { ret void }',
    ];
    await tiny.write('odd.ll', ir.join('\n'));
    await tiny.run('llvm-as', 'odd.ll', '-o', 'odd.bc');
    const symbols = (await tiny.reader.bitcode('odd.bc')).symbols.map(({ name, linkage, isDefined }) => [name, linkage, isDefined]);
    expect(symbols.sort()).toEqual([
      ['_asm', 'external', true],
      ['a b', 'external', false],
      ['a@b', 'external', true],
      ['body', 'available_externally', false],
      ['text', 'private', true],
      ['twice', 'linkonce_odr', true],
      ['ä', 'extern_weak', false],
    ]);
  });

  test('compile units', async () => {
    expect((await tiny.reader.bitcode('helper.bc')).compileUnits).toEqual([]);
    const [unit] = (await tiny.reader.bitcode('debug.bc')).compileUnits;
    expect(unit).toEqual({ name: 'helper.c', language: expect.stringMatching(/^DW_LANG_C\d\d$/), producer: expect.stringContaining('clang') });
    const crate = await tiny.reader.bitcode('crate.bc');
    expect(crate.compileUnits.map(({ language }) => language)).toEqual(['DW_LANG_Rust']);
    expect(crate.symbols).toContainEqual({ name: 'from_rust', kind: 'function', linkage: 'external', isDefined: true });
  });
});

describe('what a module of bitcode says of itself', () => {
  const ir = [
    'target datalayout = "e-m:e"',
    String.raw`module asm ".string \22odd\22"`,
    String.raw`@a = constant [9 x i8] c"\016a: %d\0A\00", section ".modinfo"`,
    '@b = global i32 0, section ".data..b"',
    '@c = global i32 0',
    'define void @f() #0 { ret void }',
    'define void @g() #1 { ret void }',
    'define void @h() #2 { ret void }',
    'attributes #0 = { nounwind "target-cpu"="x86-64" "target-features"="+cx8,-sse" }',
    'attributes #1 = { "target-features"="+cx8,-sse" "target-cpu"="x86-64" alwaysinline }',
    'attributes #2 = { "target-cpu"="generic" }',
    '!llvm.module.flags = !{!0, !2}',
    '!0 = !{i32 8, !"cf-protection-branch", i32 1}',
    '!1 = !{i32 1, !"no flag", i32 1}',
    '!2 = !{i32 1, !"stack-protector-guard", !"global"}',
  ];

  test('variables, assembly, flags and targets', async () => {
    await tiny.write('said.ll', ir.join('\n'));
    await tiny.run('llvm-as', 'said.ll', '-o', 'said.bc');
    expect(await tiny.reader.bitcode('said.bc')).toMatchObject({
      dataLayout: 'e-m:e',
      variables: [{ name: 'a', section: '.modinfo', strings: ['\x016a: %d\n'] }, { name: 'b', section: '.data..b', strings: [] }],
      assembly: ['.string "odd"'],
      flags: [{ behaviour: 8, name: 'cf-protection-branch', value: 'i32 1' }, { behaviour: 1, name: 'stack-protector-guard', value: '!"global"' }],
      targets: [{ cpu: 'x86-64', features: ['+cx8', '-sse'] }, { cpu: 'generic', features: [] }],
    });
  });
});

test('strings of the sections that are data', async () => {
  await tiny.write('data.c', 'const char known[] __attribute__((section(".modinfo"))) = "a=b\\0c=\\n"; int f(void) { return 0x41414141; } int bss[9];');
  await tiny.run('clang', '-c', '-g', 'data.c', '-o', 'data.o');
  expect(await tiny.reader.sectionStrings('data.o')).toContainEqual({ section: '.modinfo', strings: ['a=b', 'c=.'] });
  const sections = (await tiny.reader.sectionStrings('data.o')).map(({ section }) => section);
  expect(sections.filter((section) => /text|debug|bss/.test(section))).toEqual([]);
  expect(await tiny.reader.sectionStrings('bare.o')).toEqual([]);
});

describe('compile units of ELF', () => {
  test('of C, of Rust, of both, and none', async () => {
    await tiny.run('ld.lld', '-r', 'debug.o', 'crate.o', '-o', 'both.o');
    const languages = async (path: string) => (await tiny.reader.compileUnits(path)).map(({ language }) => language);
    expect(await languages('helper.o')).toEqual([]);
    expect(await languages('crate.o')).toEqual(['DW_LANG_Rust']);
    expect(await languages('both.o')).toEqual([expect.stringMatching(/^DW_LANG_C\d\d$/), 'DW_LANG_Rust']);
    expect(await tiny.reader.compileUnits('debug.o')).toEqual([expect.objectContaining({ name: 'helper.c' })]);
  });

  test.each([['-gdwarf-4'], ['-gsplit-dwarf'], ['-gz=zlib'], ['-gz=zstd']])('with %s', async (option) => {
    await tiny.run('clang', '-c', '-g', option, 'helper.c', '-o', `with${option}.o`);
    expect(await tiny.reader.compileUnits(`with${option}.o`)).toHaveLength(1);
  });
});

test('a file is read once, however often it is asked for', async () => {
  const reader = openArtifacts({ objtree: tiny.directory }, tiny.toolchain, signal);
  expect(reader.elf('helper.o')).toBe(reader.elf('helper.o'));
});

test('without a sandbox the same facts', async () => {
  const bare = openArtifacts({ objtree: tiny.directory }, { ...tiny.toolchain, isSandboxed: false }, signal);
  expect(await bare.elf('helper.o')).toEqual(await tiny.reader.elf('helper.o'));
});
