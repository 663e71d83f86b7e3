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
    expect(named('shared')).toMatchObject({ type: 'Object', section: '.data', value: 0, size: 4 });
    expect(named('inner')?.value).not.toBe(named('rust_helper_sum')?.value);
    expect(named('helper.c')).toMatchObject({ type: 'File', section: 'ABS' });
  });

  test('of another machine', async () => {
    expect((await tiny.reader.elf('arm64.o')).machine).toBe('EM_AARCH64');
  });

  test('without symbols of its own, and without any section', async () => {
    expect((await tiny.reader.elf('empty.o')).symbols.map(({ name }) => name)).toEqual(['empty.c']);
    expect(await tiny.reader.elf('bare.o')).toMatchObject({ sections: [], symbols: [] });
  });

  test('relocations by the section they apply to, and notes', async () => {
    await tiny.run('clang', '-c', '-O1', '-fcf-protection=branch', 'helper.c', '-o', 'noted.o');
    const { relocations, notes } = await tiny.reader.linkage('noted.o');
    expect(relocations).toContainEqual({ section: '.text', kinds: expect.arrayContaining(['R_X86_64_PLT32']) });
    expect(relocations.map(({ section }) => section)).not.toContain('');
    expect(notes).toEqual(['.note.gnu.property GNU NT_GNU_PROPERTY_TYPE_0 x86 feature: IBT']);
    expect(await tiny.reader.linkage('empty.o')).toEqual({ relocations: [], notes: [] });
  });

  test('what a module says of itself', async () => {
    await tiny.write('module.c', '#define M(name, text) static const char name[] __attribute__((used, section(".modinfo"), aligned(1))) = text\nM(a, "license=GPL"); M(b, "import_ns=A [ 1] b"); M(c, "");');
    await tiny.run('clang', '-c', 'module.c', '-o', 'module.o');
    expect(await tiny.reader.modinfo('module.o')).toEqual(['license=GPL', 'import_ns=A [ 1] b']);
    expect(await tiny.reader.modinfo('helper.o')).toEqual([]);
  });

  test('thousands of symbols', async () => {
    const functions = Array.from({ length: 20_000 }, (_, index) => `void f${index}(void) {}`);
    await tiny.write('many.c', functions.join('\n'));
    await tiny.run('clang', '-c', 'many.c', '-o', 'many.o');
    const { symbols } = await tiny.reader.elf('many.o');
    expect(symbols.filter(({ type }) => type === 'Function')).toHaveLength(20_000);
  }, 30_000);
});

test('bytes, by their hash', async () => {
  await tiny.write('abc', 'abc');
  expect(await tiny.reader.digest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(await tiny.reader.digest('nowhere')).toBeNull();
});

describe('parts of files whose hashes differ', () => {
  const changed = async (left: string, right: string) => {
    const known = new Map((await tiny.reader.parts(left)).map(({ part, digest }) => [part, digest]));
    return (await tiny.reader.parts(right)).filter(({ part, digest }) => known.get(part) !== digest).map(({ part }) => part);
  };

  test('of objects: sections', async () => {
    await tiny.write('tagged.c', helperSource.replace('kinfuzz-tag', 'kinfuzz-TAG'));
    await tiny.run('clang', '-c', '-O1', 'tagged.c', '-o', 'tagged.o');
    expect(await changed('helper.o', 'helper.o')).toEqual([]);
    expect(await changed('helper.o', 'tagged.o')).toEqual(['.strtab', '.rodata.str1.1']);
  });

  test('of bitcode: what is said of the file, and what it holds', async () => {
    await tiny.run('cp', 'helper.c', 'other.c');
    await tiny.run('clang', '-c', '-O1', '-emit-llvm', 'other.c', '-o', 'other.bc');
    await tiny.run('clang', '-c', '-O0', '-emit-llvm', 'helper.c', '-o', 'slow.bc');
    expect(await changed('helper.bc', 'other.bc')).toEqual(['header']);
    expect(await changed('helper.bc', 'slow.bc')).toContain('code');
  });
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

  test('how functions are called, where that is not as in C', async () => {
    const ir = [
      '%struct.acc = type { i32 }',
      'define dso_local win64cc noundef i32 @of_windows() { ret i32 0 }',
      'define aarch64_vector_pcs void @of_vectors() { ret void }',
      'define cc10 void @of_a_number() { ret void }',
      'define %struct.acc @of_c() { unreachable }',
      'define ccc void @of_c_in_words() { ret void }',
    ];
    await tiny.write('called.ll', ir.join('\n'));
    await tiny.run('llvm-as', 'called.ll', '-o', 'called.bc');
    const { symbols } = await tiny.reader.bitcode('called.bc');
    expect(Object.fromEntries(symbols.map(({ name, convention }) => [name, convention ?? null]))).toEqual({
      of_windows: 'win64cc', of_vectors: 'aarch64_vector_pcs', of_a_number: expect.stringMatching(/^(?:cc10|ghccc)$/), of_c: null, of_c_in_words: null,
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

  test('assembly, for symbols that nothing else names', async () => {
    await tiny.write('asm.c', 'asm(".globl outer"); void f(int x) { asm volatile("call inner_%c0 # \\"q\\"\\n" :: "i"(1) : "memory"); asm("nop" : "+r"(x)); }');
    await tiny.run('clang', '-c', '-emit-llvm', 'asm.c', '-o', 'asm.bc');
    const { assembly } = await tiny.reader.bitcode('asm.bc');
    expect(assembly).toEqual(['.globl outer', expect.stringMatching(/^call inner_/), 'nop']);
    expect((await tiny.reader.bitcode('helper.bc')).assembly).toEqual([]);
  });

  test('who is told a text', async () => {
    await tiny.write('told.c', 'void note(const char *, int); void f(void) { note("a", 1); asm volatile("# %c0" :: "i"("b")); note((void *)0, 2); }');
    await tiny.run('clang', '-c', '-O1', '-emit-llvm', 'told.c', '-o', 'told.bc');
    expect((await tiny.reader.bitcode('told.bc')).passed).toEqual([{ text: 'a', callee: 'note' }, { text: 'b', callee: 'asm' }]);
  });

  test('compile units', async () => {
    expect((await tiny.reader.bitcode('helper.bc')).compileUnits).toEqual([]);
    const [unit] = (await tiny.reader.bitcode('debug.bc')).compileUnits;
    expect(unit).toEqual({ name: 'helper.c', language: expect.stringMatching(/^DW_LANG_C\d\d$/), producer: expect.stringContaining('clang') });
    // What names the source for coverage is no debug information.
    await tiny.run('clang', '-c', '-g0', '-fprofile-arcs', '-ftest-coverage', '-emit-llvm', 'helper.c', '-o', 'covered.bc');
    expect((await tiny.reader.bitcode('covered.bc')).compileUnits).toEqual([]);
    const crate = await tiny.reader.bitcode('crate.bc');
    expect(crate.compileUnits.map(({ language }) => language)).toEqual(['DW_LANG_Rust']);
    expect(crate.symbols).toContainEqual({ name: 'from_rust', kind: 'function', linkage: 'external', isDefined: true });
  });
});

describe('what functions and modules are told to be', () => {
  test('module flags, and attributes of functions', async () => {
    await tiny.run('clang', '-c', '-O1', '-fcf-protection=branch', '-mretpoline-external-thunk', '-fpatchable-function-entry=4,4', '-emit-llvm', 'helper.c', '-o', 'hard.bc');
    const { flags, attributes } = await tiny.reader.bitcode('hard.bc');
    expect(flags).toContainEqual({ behaviour: 8, name: 'cf-protection-branch', value: 'i32 1' });
    expect([...attributes.keys()].sort()).toEqual(['inner', 'rust_helper_sum', 'tag', 'weak_one']);
    const words = [...(attributes.get('rust_helper_sum') ?? [])];
    expect(words).toEqual(expect.arrayContaining(['nounwind', 'patchable-function-prefix=4', '+retpoline-indirect-calls']));
    expect(words.filter((word) => word.startsWith('target-features'))).toEqual([]);
  });

  test('where names and sections are quoted, and there are no attributes', async () => {
    const ir = [
      'define void @"odd #9 {"() #1 section ".init #3" { ret void }',
      'define void @bare() { ret void }',
      'attributes #1 = { nounwind "a"="b c" "d" }',
      '!llvm.module.flags = !{!0, !1}',
      '!0 = !{i32 8, !"sign-return-address", i32 2}',
      '!1 = !{i32 1, !"stack-protector-guard", !"sysreg"}',
    ];
    await tiny.write('attributes.ll', ir.join('\n'));
    await tiny.run('llvm-as', 'attributes.ll', '-o', 'attributes.bc');
    const { flags, attributes } = await tiny.reader.bitcode('attributes.bc');
    expect(flags).toEqual([{ behaviour: 8, name: 'sign-return-address', value: 'i32 2' }, { behaviour: 1, name: 'stack-protector-guard', value: '!"sysreg"' }]);
    expect(attributes).toEqual(new Map([['odd #9 {', new Set(['nounwind', 'a=b c', 'd'])], ['bare', new Set()]]));
  });
});

describe('code', () => {
  test('of x86: instructions with what they refer to; no labels or marks', async () => {
    await tiny.run('clang', '-c', '-O1', '-fno-pic', '-fcf-protection=branch', '-mcmodel=kernel', '-fsanitize=kcfi', '-fpatchable-function-entry=2,2', '-mfunction-return=thunk-extern', 'helper.c', '-o', 'hard.o');
    const code = await tiny.reader.code('hard.o');
    expect(code.map(({ name }) => name)).toEqual(['weak_one', 'rust_helper_sum', 'inner', 'tag']);
    const { instructions } = code.find(({ name }) => name === 'weak_one') ?? {};
    expect(instructions?.slice(0, 3)).toEqual(['endbr64', 'movl $0x1, %eax', expect.stringMatching(/^jmp 0x\w+ @__x86_return_thunk$/)]);
    const calls = code.find(({ name }) => name === 'inner')?.instructions.filter((text) => text.startsWith('call'));
    expect(calls).toEqual([expect.stringMatching(/^callq 0x\w+ @outside$/)]);
  });

  test('of arm64: what stands before a function', async () => {
    await tiny.run('clang', '--target=aarch64-linux-gnu', '-c', '-O1', '-fsanitize=kcfi', '-mbranch-protection=pac-ret', 'helper.c', '-o', 'hard-arm64.o');
    const sum = (await tiny.reader.code('hard-arm64.o')).find(({ name }) => name === 'rust_helper_sum');
    expect(sum?.before).toMatch(/^\.word 0x[0-9a-f]+$/);
    expect(sum?.instructions.slice(0, 2)).toEqual(['paciasp', expect.stringMatching(/^stp x29, x30, \[sp, #-0x\d+\]!$/)]);
  });

  test('none', async () => {
    expect(await tiny.reader.code('empty.o')).toEqual([]);
  });
});

describe('BTF', () => {
  test('what pahole would make of C, and of Rust', async () => {
    await tiny.write('types.c', 'struct plain { int a; } held; int take(struct plain *p) { return p->a; }');
    await tiny.run('clang', '-c', '-g', 'types.c', '-o', 'types.o');
    expect(await tiny.reader.encodedTypes('types.o')).toContain('STRUCT plain size=4');
    expect(await tiny.reader.encodedTypes('crate.o')).toEqual([]);
  });

  test('names in BTF, and in what builds on it', async () => {
    await tiny.run('cp', 'types.o', 'base.o');
    await tiny.run('pahole', '-J', 'base.o');
    await tiny.write('more.c', 'struct plain { int a; }; struct more { struct plain p; long b; }; long take(struct more *m) { return m->b; }');
    await tiny.run('clang', '-c', '-g', 'more.c', '-o', 'more.o');
    await tiny.run('pahole', '-J', '--btf_base=base.o', 'more.o');
    expect(await tiny.reader.btfNames('base.o', null)).toEqual(['plain']);
    expect(await tiny.reader.btfNames('more.o', 'base.o')).toContain('more');
    await expect(tiny.reader.btfNames('helper.o', null)).rejects.toMatchObject({ tool: 'pahole', path: 'helper.o' });
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
      assembly: [String.raw`.string \22odd\22`],
      moduleAssembly: ['.string "odd"'],
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
  const [first, second] = [reader.elf('helper.o'), reader.elf('helper.o')];
  expect(second).toBe(first);
  // A reading that is left behind would meet a directory that is gone.
  await first;
});

test('without a sandbox the same facts', async () => {
  const bare = openArtifacts({ objtree: tiny.directory }, { ...tiny.toolchain, isSandboxed: false }, signal);
  expect(await bare.elf('helper.o')).toEqual(await tiny.reader.elf('helper.o'));
});
