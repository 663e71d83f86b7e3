import { describe, expect, test } from 'vitest';
import property from '../../properties/same-as-without.ts';
import type { ElfSection, ElfSymbol } from '../../src/artifact/reader.ts';
import type { Artifact, Build, Built, Judgement, Step } from '../../src/property/contract.ts';
import { emptyBuild, makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, keysOf, recite } from './facts.ts';

type Parts = { symbols?: Partial<ElfSymbol>[]; sections?: ElfSection[]; modinfo?: string[]; kinds?: Record<string, string[]>; notes?: string[]; units?: [name: string, language: string][] };

const text: ElfSection = { name: '.text', type: 'SHT_PROGBITS', flags: ['SHF_ALLOC', 'SHF_EXECINSTR'], size: 1 };
const crate: Partial<ElfSymbol>[] = [{ name: 'main' }];
const onSymbols: Partial<ElfSymbol>[] = [...crate, { name: 'callee', section: 'UNDEF' }];
const offSymbols: Partial<ElfSymbol>[] = [...crate, { name: 'rust_helper_a', section: 'UNDEF' }];
let digest = 0;

function object({ symbols = [], sections = [], modinfo = [], kinds = {}, notes = [], units = [] }: Parts): FileFacts {
  const facts = elf(symbols).elf;
  const relocations = Object.entries(kinds).map(([section, some]) => ({ section, kinds: some }));
  const compileUnits = units.map(([name, language]) => ({ name, language, producer: 'test' }));
  return { format: 'elf', elf: { machine: 'EM_X86_64', type: 'Relocatable', symbols: facts?.symbols ?? [], sections: [text, ...sections] }, linkage: { relocations, notes }, modinfo, compileUnits, digest: String((digest += 1)) };
}

const rust: Artifact = { path: 'a.o', kind: 'rust-object', part: 'module' };
const link = makeStep('a.o', 'link', 'llvm-link a.bc helpers.bc -o a.m.bc', { inputs: ['a.bc', 'helpers.bc'], outputs: ['a.m.bc'] });
const crateStep = (kind: string) => makeStep('a.o', 'crate', `rustc -Coverflow-checks=y --emit=dep-info=.a.o.d --emit=${kind} a.rs`, { inputs: ['a.rs'], outputs: [] });
const compile = (name: string) => makeStep(`${name}.o`, 'other', `clang -c ${name}.c`, { inputs: [`/src/${name}.c`], outputs: [`${name}.o`] });

/** A healthy pair of builds around what a test is about. */
function judgePair(on: Parts, off: Parts = {}, more: { control?: Parts; other?: Parts; config?: Build['config']; messages?: Partial<Record<'on' | 'off', string[]>>; tools?: Partial<Record<'on' | 'off', string[]>>; ofC?: Parts; commands?: Partial<Record<'on' | 'off', Step[]>>; crateNames?: string[]; attributesOfC?: string[] } = {}): Promise<Judgement> {
  const messages = (side: 'on' | 'off') => (more.messages?.[side] ?? []).map((words) => ({ severity: 'warning' as const, tool: 'clang', target: null, text: words }));
  const stepsOf = (side: 'on' | 'off') => [
    ...(more.commands?.[side] ?? [crateStep(side === 'on' ? 'llvm-bc=a.bc' : 'obj=a.o')]),
    ...(more.tools?.[side] ?? []).map((tool) => makeStep('a.o', 'other', `${tool} a.o`, { inputs: ['a.o'], outputs: ['a.o'] })),
  ];
  const build: Build = {
    ...emptyBuild, config: { RUST_INLINE_HELPERS: 'y', ...more.config }, steps: [link, compile('other'), ...stepsOf('on')], diagnostics: messages('on'),
    artifacts: [rust, { path: 'other.o', kind: 'c-object', part: 'builtin' }, { path: 'helpers.bc', kind: 'helper-bitcode', part: 'module' }, { path: 'a.bc', kind: 'crate-bitcode', part: 'module' }, { path: 'a.m.bc', kind: 'linked-bitcode', part: 'module' }],
  };
  const other = object(more.other ?? {});
  const artifacts = recite({
    'other.o': more.ofC ? object(more.ofC) : other,
    'a.o': object({ ...on, symbols: [...onSymbols, ...(on.symbols ?? [])] }),
    'helpers.bc': bitcode(
      [{ name: 'rust_helper_a' }, { name: 'callee', isDefined: false }, { name: '.str.3', kind: 'variable', linkage: 'private' }, { name: 'table', kind: 'variable', linkage: 'internal' },
        { name: 'rust_helper_a.calls', kind: 'variable', linkage: 'internal' }, { name: 'rust_helper_a.__key', kind: 'variable', linkage: 'internal' }, { name: 'next.id', kind: 'variable', linkage: 'internal' }],
      [],
      { variables: [{ name: 'import', section: '.modinfo', strings: ['helpers.import_ns=OF_HELPERS'] }] },
    ),
    'a.bc': bitcode((more.crateNames ?? []).map((name) => ({ name }))),
  });
  const twin: Built = {
    build: {
      ...emptyBuild, steps: [compile('rust/helpers/helpers'), compile('other'), ...stepsOf('off')], diagnostics: messages('off'),
      artifacts: [rust, { path: 'rust/helpers/helpers.o', kind: 'c-object', part: 'builtin' }, { path: 'other.o', kind: 'c-object', part: 'builtin' }],
    },
    artifacts: recite({
      'a.o': object({ ...off, symbols: [...offSymbols, ...(off.symbols ?? [])] }), 'rust/helpers/helpers.o': more.attributesOfC ? bitcode([], [], { attributes: new Map([['f', new Set(more.attributesOfC)]]) }) : object(more.control ?? {}), 'other.o': other,
    }),
  };
  return property.judge({ build, artifacts, passes: { twin } });
}

const command = (target: string, line: string): Step => makeStep(target, 'other', line, { inputs: [], outputs: [target] });
const section = (name: string, flags: string[] = ['SHF_ALLOC'], type = 'SHT_PROGBITS'): ElfSection => ({ name, type, flags, size: 8 });

test('a helper that is inlined explains its own symbol and what it calls', async () => {
  expect(await judgePair({})).toEqual({ result: 'passed' });
});

describe('explains', () => {
  test.each<[string, () => Promise<Judgement>]>([
    ['constants of helpers', () => judgePair({ symbols: [{ name: '.str.7', binding: 'local', section: '.rodata' }] })],
    ['what a macro leaves in a helper', () => judgePair({ symbols: [{ name: 'rust_helper_a.__key', binding: 'local', type: 'Object', section: '.bss' }] })],
    ['what a header keeps in mind, in other C code too', () => judgePair({ symbols: [{ name: 'next.id', binding: 'local', type: 'Object', section: '.bss' }] }, {}, { other: { symbols: [{ name: 'next.id', binding: 'local', type: 'Object', section: '.bss' }] } })],
    ['constants of the crate that now have names', () => judgePair({ symbols: [{ name: 'alloc_1', binding: 'local', section: '.data.rel.ro' }] }, {}, { crateNames: ['alloc_1'] })],
    ['what was inlined away', () => judgePair({}, { symbols: [{ name: '_RNvinner', binding: 'local' }] })],
    ['a panic that is out of reach', () => judgePair({}, { symbols: [{ name: '_RNvpanic', section: 'UNDEF' }] })],
    ['a callee of C code', () => judgePair({ symbols: [{ name: 'memset', section: 'UNDEF' }] }, {}, { control: { symbols: [{ name: 'memset', section: 'UNDEF' }] } })],
    ['ld -r, of what is a module by itself', () => judgePair({}, {}, { config: { LTO_CLANG: 'y' }, tools: { on: ['ld.lld', 'mv'] } })],
    ["what ThinLTO names", () => judgePair({ symbols: [{ name: 'anon.ebfa9d9689140083ba091523d3dc7131', binding: 'local', section: '.data' }] })],
    ['what is called before C code, of which LTO leaves bitcode', () => judgePair({ symbols: [{ name: '__fentry__', section: 'UNDEF' }] }, {}, { attributesOfC: ['fentry-call=true'] })],
    ['bcmp for memcmp', () => judgePair({ symbols: [{ name: 'bcmp', section: 'UNDEF' }] }, { symbols: [{ name: 'memcmp', section: 'UNDEF' }] })],
    ['the type of a callee', () => judgePair({ symbols: [{ name: '__kcfi_typeid_callee', binding: 'weak', type: 'None', section: 'ABS' }] })],
    ['the source file', () => judgePair({ symbols: [{ name: 'llvm-link', binding: 'local', type: 'File', section: 'ABS' }] })],
    ['a check of an address in another register', () => judgePair({ symbols: [{ name: '__hwasan_check_x26_67043360_short_v2', binding: 'weak', visibility: 'hidden', type: 'Function' }] }, {}, { config: { KASAN_SW_TAGS: 'y' } })],
    ['a label of objtool on the type of a local function', () => judgePair({ symbols: [{ name: '__pfx___cfi_inner', binding: 'local' }, { name: 'inner', binding: 'local' }] }, { symbols: [{ name: 'inner', binding: 'local' }] })],
    ['a label of objtool', () => judgePair({ symbols: [{ name: '__pfx___cfi_main', binding: 'global', type: 'Function' }] })],
    ['counters of branches, which each unit of C has of its own', () => judgePair({ sections: [section('_ftrace_branch', ['SHF_ALLOC', 'SHF_WRITE'])], symbols: [{ name: 'rust_helper_a.______f', binding: 'local', section: '_ftrace_annotated_branch' }] })],
    ['tables of code', () => judgePair({ sections: [section('.altinstructions')], kinds: { '.altinstructions': ['R_AARCH64_PREL32'] } })],
    ['constructors of KCSAN', () => judgePair({ sections: [section('.init_array.0', ['SHF_ALLOC'], 'SHT_INIT_ARRAY')] }, {}, { config: { KCSAN: 'y' } })],
    ['an index that clang does not write', () => judgePair({}, { sections: [section('.debug_aranges', [])], kinds: { '.debug_aranges': ['R_X86_64_GOT32'] } })],
    ['a string of .modinfo that helpers bring along', () => judgePair({ modinfo: ['helpers.import_ns=OF_HELPERS'] })],
    ['attributes that ld -r takes in', () => judgePair({}, { sections: [section('.ARM.attributes', [], 'Unknown')] }, { config: { LTO_CLANG: 'y' } })],
    ['other instructions', () => judgePair({ kinds: { '.text': ['R_X86_64_32S'] } }, { kinds: { '.text': ['R_X86_64_PLT32'] } })],
    ['debug information in a file beside', () => judgePair({ units: [['a.dwo', '']] }, { units: [['/src/a.rs/@/a.8a4dcce2f87db7ec-cgu.0', 'DW_LANG_Rust']] }, { config: { DEBUG_INFO_SPLIT: 'y' } })],
    ['relocations that C has', () => judgePair({ kinds: { '.text': ['R_AARCH64_ADR_GOT_PAGE'] } }, {}, { control: { kinds: { '.text': ['R_AARCH64_ADR_GOT_PAGE'] } } })],
    ['a function that what was inlined makes a rare one', () => judgePair({ symbols: [{ name: 'rare', section: '.text.unlikely.' }] }, { symbols: [{ name: 'rare' }] })],
    ['other files, the same options', () => judgePair({}, {}, { commands: { on: [command('vmlinux.o', 'ld.lld -r -m elf_x86_64 -o vmlinux.o a.o')], off: [command('vmlinux.o', 'ld.lld -r -m elf_x86_64 -o vmlinux.o a.o helpers.o')] } })],
    ['what is made in one build alone', () => judgePair({}, {}, { commands: { on: [command('helpers.bc', 'clang -emit-llvm')], off: [command('helpers.o', 'clang -c')] } })],
    ['C code of other bytes alone', () => judgePair({}, {}, { ofC: {} })],
    ['one message, with another line number', () => judgePair({}, {}, { messages: { on: ['a.c:1:2: warning: x'], off: ['a.c:7:2: warning: x'] } })],
  ])('%s', async (_, judged) => {
    expect(await judged()).toEqual({ result: 'passed' });
  });
});

describe('reports', () => {
  test.each<[string, () => Promise<Judgement>, string[]]>([
    ['a constructor without a sanitizer', () => judgePair({ sections: [section('.init_array.0', ['SHF_ALLOC'], 'SHT_INIT_ARRAY')] }), ['section', 'on', '.init_array.0']],
    ['a string of .modinfo, wherever it is built in', () => judgePair({ modinfo: ['helpers.import_ns=PWM'] }), ['modinfo', 'on', 'import_ns=PWM']],
    ['a string of .modinfo that is lost', () => judgePair({}, { modinfo: ['license=GPL'] }), ['modinfo', 'off', 'license=GPL']],
    ['a symbol that is offered to others', () => judgePair({ symbols: [{ name: 'table' }] }), ['symbol', 'on', 'table']],
    ['a symbol of the crate that is hidden now', () => judgePair({}, { symbols: [{ name: 'lost' }] }), ['symbol', 'off', 'lost']],
    ['a reference that nothing explains', () => judgePair({ symbols: [{ name: 'wcslen', section: 'UNDEF' }] }), ['undefined', 'on', 'wcslen']],
    ['ld -r without LTO', () => judgePair({}, {}, { tools: { on: ['ld.lld'] } }), ['tool', 'on', 'ld.lld']],
    ['what is called before no code of C', () => judgePair({ symbols: [{ name: '__fentry__', section: 'UNDEF' }] }, {}, { attributesOfC: ['nounwind'] }), ['undefined', 'on', '__fentry__']],
    ['a protection that is gone', () => judgePair({}, { symbols: [{ name: '__stack_chk_fail', section: 'UNDEF' }] }), ['undefined', 'off', '__stack_chk_fail']],
    ['data of helpers that a section makes act', () => judgePair({ symbols: [{ name: 'table', binding: 'local', section: '.initcall6.init' }] }), ['local', 'on', 'table']],
    ['what a helper keeps in mind', () => judgePair({ symbols: [{ name: 'rust_helper_a.calls', binding: 'local', type: 'Object', section: '.bss' }] }), ['local', 'on', 'rust_helper_a.calls']],
    ['what the file of a helper keeps in mind', () => judgePair({ symbols: [{ name: 'table', binding: 'local', type: 'Object', section: '.bss' }] }), ['local', 'on', 'table']],
    ['what a function beside a helper keeps in mind', () => judgePair({ symbols: [{ name: 'next.id', binding: 'local', type: 'Object', section: '.bss' }] }), ['local', 'on', 'next.id']],
    ['a constructor without the priority of a sanitizer', () => judgePair({ sections: [section('.init_array', ['SHF_ALLOC'], 'SHT_INIT_ARRAY')] }, {}, { config: { KASAN_GENERIC: 'y' } }), ['section', 'on', '.init_array']],
    ['an option that rustc is not given', () => judgePair({}, {}, { commands: { on: [command('a.o', 'rustc --cfg MODULE')], off: [command('a.o', 'rustc --cfg MODULE -Copt-level=2')] } }), ['option', 'rustc -Copt-level']],
    ['an option of another value, once', () => judgePair({}, {}, { commands: { on: [command('a.o', 'objtool --prefix=16')], off: [command('a.o', 'objtool --prefix=11')] } }), ['option', 'objtool --prefix']],
    ['an option that takes the place of another, once', () => judgePair({}, {}, { commands: { on: [command('c.o', 'clang -fb')], off: [command('c.o', 'clang -fa')] } }), ['option', 'clang -fa', 'clang -fb']],
    ['dependencies that are not written', () => judgePair({}, {}, { commands: { on: [command('a.o', 'rustc --emit=llvm-bc=a.bc')], off: [command('a.o', 'rustc --emit=dep-info=a.d --emit=obj=a.o')] } }), ['option', 'rustc --emit=dep-info']],
    ['C code that is compiled otherwise', () => judgePair({}, {}, { commands: { on: [command('c.o', 'clang -O2 -mllvm -x c.c')], off: [command('c.o', 'clang -O2 c.c')] } }), ['option', 'clang -mllvm -x']],
    ['C code that objtool passes over', () => judgePair({}, {}, { commands: { on: [command('c.o', 'clang c.c')], off: [command('c.o', 'clang c.c'), command('c.o', 'objtool c.o')] } }), ['tool', 'off', 'objtool']],
    ['attributes that are lost without LTO', () => judgePair({}, { sections: [section('.ARM.attributes', [], 'Unknown')] }), ['section', 'off', '.ARM.attributes']],
    ['a section that neither code nor C has', () => judgePair({ sections: [section('.odd')] }), ['section', 'on', '.odd']],
    ['a table of code that C has with other flags', () => judgePair({ sections: [section('__bug_table', ['SHF_ALLOC', 'SHF_WRITE'])] }, {}, { control: { sections: [section('__bug_table')] } }), ['section', 'on', '__bug_table']],
    ['a relocation that modules may not have', () => judgePair({ kinds: { '.text': ['R_X86_64_GOTPCREL'] } }), ['relocation', 'on', '.text R_GOTPCREL']],
    ['a note', () => judgePair({}, { notes: ['.note.gnu.property GNU x IBT'] }), ['note', 'off', '.note.gnu.property GNU x IBT']],
    ['debug information that is lost', () => judgePair({}, { units: [['/src/a.rs/@/a.8a4dcce2f87db7ec-cgu.0', 'DW_LANG_Rust']] }), ['unit', 'off', '<object>.<hash>-cgu.0']],
    ['debug information that goes elsewhere unasked', () => judgePair({ units: [['obj/a.dwo', '']] }), ['unit', 'on', '<object>.dwo']],
    ['a tool that is not run', () => judgePair({}, {}, { tools: { on: ['clang'], off: ['objtool'] } }), ['tool', 'off', 'objtool']],
    ['a tool that is run besides', () => judgePair({}, {}, { tools: { on: ['strip'] } }), ['tool', 'on', 'strip']],
    ['C code that knows of the option', () => judgePair({}, {}, { ofC: { symbols: [{ name: 'only_inlined' }] } }), ['c-object']],
    ['a new message', () => judgePair({}, {}, { messages: { on: ['a.c:1:2: warning: x'] } }), ['diagnostic', 'on', 'a.c: warning: x']],
  ])('%s', async (_, judged, key) => {
    expect(keysOf(await judged())).toEqual([key]);
  });

  test('a script can look for options and tools by what kbuild has recorded', async () => {
    const judgement = await judgePair({}, {}, { commands: { on: [command('c.o', 'clang -fb c.c'), command('c.o', 'strip c.o')], off: [command('c.o', 'clang -Da="b c" c.c')] } });
    if (judgement.result !== 'failed') throw new Error('it passes');
    const signs = (tool: string, words: string) => ['this', 'twin'].map((build) => ({ kind: 'words', target: 'c.o', tool, words, build, shows: build === 'this' }));
    // What a shell would quote is not looked for.
    expect(judgement.failures.flatMap(({ symptoms }) => symptoms)).toEqual([signs('strip', ''), signs('clang', '-fb')]);
  });

  test('one failure where very many names differ', async () => {
    const judgement = await judgePair({ sections: Array.from({ length: 9 }, (_, index) => section(`.odd${index}x`)) });
    expect(keysOf(judgement)).toEqual([['section', 'on', 'many']]);
  });
});

test('an object that is bitcode is left to the property that is about that', async () => {
  const twin: Built = { build: { ...emptyBuild, artifacts: [rust] }, artifacts: recite({ 'a.o': object({}) }) };
  const judged = property.judge({ build: { ...emptyBuild, artifacts: [rust] }, artifacts: recite({ 'a.o': bitcode() }), passes: { twin } });
  expect(await judged).toEqual({ result: 'passed' });
});

test('that the other build fails is a difference too', async () => {
  const failed = { ...emptyBuild, outcome: { kind: 'failed' as const, step: null, target: 'a.o', summary: 'error: no' } };
  const judged = await property.judge({ build: emptyBuild, artifacts: recite({}), passes: { twin: { build: failed, artifacts: recite({}) } } });
  expect(keysOf(judged)).toEqual([['builds', 'error: no']]);
});
