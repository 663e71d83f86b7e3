import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatFragment } from '../../src/kconfig/config.ts';
import type { Sign } from '../../src/property/contract.ts';
import { lacks, onlyWith, shows } from '../../src/property/symptoms.ts';
import { formatScript } from '../../src/report/reproduce.ts';
import { runCommand } from '../../src/util/process.ts';
import type { FindingRecord } from '../../src/verdict/finding.ts';
import { makeFinding } from '../support/finding.ts';
import { hostToolchain } from '../support/toolchain.ts';

/** A kernel of a few lines that the real make, clang and readers of LLVM work on; what it does is for options to say. */
const place = mkdtempSync(join(tmpdir(), 'kinfuzz-script-'));
const kernel = join(place, 'linux');
const tools = join(place, 'bin');

const makefile = `# O= is where it is built. LOST is no option of this tree.
C := $(O)/.config
has = $(shell grep -q '^CONFIG_$(1)=y' $(C) && echo y)
olddefconfig:
	@sed -i '/CONFIG_LOST/d' $(C)
clean:
	@rm -f $(O)/rust/kernel.o
prepare: $(if $(call has,BROKEN),broken) $(if $(call has,KILLED),killed)
	@mkdir -p $(O)/rust
	@echo 'int helper_used; static char info[] __attribute__((section(".modinfo"), used)) = "import_ns=$(if $(call has,RUST_INLINE_HELPERS),PWM,NONE)"; $(if $(call has,RUST_INLINE_HELPERS),extern int missing; int use(void) { return missing; })' >$(O)/rust/kernel.c
	@clang -c $(if $(call has,DEBUG),-g) -o $(O)/rust/kernel.o $(O)/rust/kernel.c
	@echo 'savedcmd_rust/kernel.o :=  OBJTREE=/obj rustc -Cllvm-args=-x=y a.rs; llvm-link ./rust/helpers.bc -o a; clang -O2 -mllvm -z -c a.c' >$(O)/rust/.kernel.o.cmd
	@printf '%s\\n' 'target triple = "x86_64-unknown-linux-gnu"' 'declare void @other() #1' 'define void @own() #0 { ret void }' 'define void @asan.ctor() #2 { ret void }' 'attributes #0 = { nounwind sanitize_address "target-features"="+avx,-sse" }' 'attributes #1 = { noinline }' 'attributes #2 = { cold }' '!llvm.module.flags = !{!0}' '!0 = !{i32 4, !"kcfi", i32 1}' >$(O)/rust/code.ll
	@printf '%s\\n' 'target triple = "x86_64-unknown-none"' 'define void @more() { ret void }' >$(O)/rust/more.ll
	@llvm-as $(O)/rust/code.ll && llvm-as $(O)/rust/more.ll
	@echo 'savedcmd_rust/linked.o :=  rustc a.rs; llvm-link --internalize --suppress-warnings rust/code.bc rust/more.bc -o rust/linked.bc; clang --target=aarch64-linux-gnu -Wno-override-module -c rust/more.bc -o rust/linked.o ' >$(O)/rust/.linked.o.cmd
	@touch $(O)/rust/left.bc
	@echo x >>$(O)/rust/grows; [ -f $(O)/rust/old.o ] || touch $(O)/rust/old.o
	@mkdir -p $(O)/rust/helpers; cd $(O)/rust/helpers; for name in helpers.bc helpers_module.bc; do if ! [ -f $$name ] || grep -q -e -DKINFUZZ .$$name.cmd; then sleep 0.02; touch $$name; echo "savedcmd_rust/helpers/$$name := clang" >.$$name.cmd; sleep 0.02; touch ../new.o; fi; done
	@echo 'rust/kernel.o: warning: objtool: $(if $(call has,RUST_INLINE_HELPERS),inlined,plain)+0x12: unreachable instruction' >&2
broken:
	@echo "lib/a.c:7:12: error: use of undeclared identifier 'lost_one'" >&2; exit 1
killed:
	@echo 'cc1: error: No space left on device' >&2; exit 1
`;

beforeAll(async () => {
  for (const [file, text] of Object.entries({ '.gitignore': '*.bc\n', 'Kbuild': '', 'rust/Makefile': '', 'Makefile': makefile })) {
    mkdirSync(dirname(join(kernel, file)), { recursive: true });
    writeFileSync(join(kernel, file), text);
  }
  mkdirSync(tools);
  // bindgen is asked for and never called.
  for (const name of ['bindgen', 'rustc']) symlinkSync('/bin/true', join(tools, name));
  await hostToolchain();
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

type Try = { symptoms: Sign[][]; config?: Record<string, string>; parts?: Partial<FindingRecord>; without?: string };

async function run({ symptoms, config = {}, parts = {}, without }: Try): Promise<{ code: number | null; said: string; objtree: string }> {
  const folder = mkdtempSync(join(place, 'finding-'));
  writeFileSync(join(folder, 'reproduce.sh'), formatScript(makeFinding({ symptoms, targets: ['prepare'], ...parts })));
  writeFileSync(join(folder, 'config'), formatFragment(Object.entries({ RUST: 'y', RUST_INLINE_HELPERS: 'y', ...config })));
  const toolchain = await hostToolchain();
  const path = [tools, ...toolchain.path];
  if (without !== undefined) path.splice(0, path.length, join(folder, 'bin'));
  if (without !== undefined) {
    mkdirSync(join(folder, 'bin'));
    for (const name of ['sh', 'dirname', 'basename', 'grep', 'nproc', 'make', 'true', 'rm', 'mkdir', 'cat']) symlinkSync(join('/usr/bin', name), join(folder, 'bin', name));
    for (const name of ['clang', 'ld.lld', 'llvm-link', 'llvm-readelf', 'rustc', 'bindgen'].filter((one) => one !== without)) symlinkSync('/bin/true', join(folder, 'bin', name));
  }
  const objtree = join(folder, 'out');
  const { exit, stderr } = await runCommand({
    argv: ['/bin/sh', join(folder, 'reproduce.sh'), kernel, objtree], sandbox: { kind: 'none', env: { PATH: path.join(':') }, cwd: folder }, timeoutMs: 60_000, signal: new AbortController().signal,
  });
  return { code: exit.kind === 'exited' ? exit.code : null, said: stderr, objtree };
}

const file = 'rust/kernel.o';
const absent = { symptoms: [[shows({ kind: 'string', file, section: '.modinfo', text: 'import_ns=GPIO' })]] };

describe('each look tells what is from what is not', () => {
  const looks: [string, Sign[], Sign[]][] = [
    ['string', [shows({ kind: 'string', file, section: '.modinfo', text: 'import_ns=PWM' })], [shows({ kind: 'string', file, section: '.modinfo', text: 'import_ns' })]],
    ['string of a twin', onlyWith('on', { kind: 'string', file, section: '.modinfo', text: 'import_ns=PWM' }), onlyWith('off', { kind: 'string', file, section: '.modinfo', text: 'import_ns=PWM' })],
    ['symbol', [shows({ kind: 'symbol', file, name: 'missing', as: 'undefined' })], [shows({ kind: 'symbol', file, name: 'missing', as: 'local' })]],
    ['local symbol', [shows({ kind: 'symbol', file, name: 'info', as: 'local' })], [shows({ kind: 'symbol', file, name: 'helper_used', as: 'local' })]],
    ['symbol of a twin', onlyWith('on', { kind: 'symbol', file, name: 'missing', as: 'undefined' }), onlyWith('on', { kind: 'symbol', file, name: 'helper_used', as: 'global' })],
    ['section', [shows({ kind: 'section', file, name: '.modinfo' })], [shows({ kind: 'section', file, name: '.modinf' })]],
    ['words of rustc, not of clang', [shows({ kind: 'words', target: file, tool: 'rustc', words: '-Cllvm-args=-x=y' }), lacks({ kind: 'words', target: file, tool: 'clang', words: '-mllvm -x=y' })], [lacks({ kind: 'words', target: file, tool: 'clang', words: '-mllvm -z' })]],
    ['a file that is linked', [shows({ kind: 'words', target: file, tool: 'llvm-link', words: 'rust/helpers.bc' })], [shows({ kind: 'words', target: file, tool: 'llvm-link', words: 'rust/helpers_module.bc' })]],
    ['words of a tool that is not run', [lacks({ kind: 'words', target: file, tool: 'objtool', words: '' })], [lacks({ kind: 'words', target: file, tool: 'objtool', words: '--x' })]],
    ['text', [shows({ kind: 'text', file: 'rust/kernel.c', text: '"import_ns=PWM"' })], [shows({ kind: 'text', file: 'rust/kernel.c', text: 'import_ns=PWM;' })]],
    ['attribute', [shows({ kind: 'attribute', file: 'rust/code.bc', name: 'sanitize_address' })], [shows({ kind: 'attribute', file: 'rust/code.bc', name: 'sanitize_thread' })]],
    ['feature', [shows({ kind: 'attribute', file: 'rust/code.bc', name: '+avx' })], [shows({ kind: 'attribute', file: 'rust/code.bc', name: '+sse' })]],
    ['attribute of what is only declared, or is the compiler’s', [lacks({ kind: 'attribute', file: 'rust/code.bc', name: 'noinline' })], [shows({ kind: 'attribute', file: 'rust/code.bc', name: 'cold' })]],
    ['flag of a module', [shows({ kind: 'flag', file: 'rust/code.bc', name: 'kcfi', value: 'i32 1' })], [shows({ kind: 'flag', file: 'rust/code.bc', name: 'kcfi', value: 'i32 11' })]],
    ['warning of a linker', [shows({ kind: 'warning', target: 'rust/linked.o', tool: 'llvm-link', text: "Linking two modules of different target triples: 'rust/more.bc' is 'x86_64-unknown-none'" })], [shows({ kind: 'warning', target: 'rust/linked.o', tool: 'llvm-link', text: 'Linking two modules of different data layouts' })]],
    ['warning of a compiler', [shows({ kind: 'warning', target: 'rust/linked.o', tool: 'clang', text: 'overriding the module target triple with aarch64-unknown-linux-gnu' })], [shows({ kind: 'warning', target: 'rust/linked.o', tool: 'clang', text: 'overriding the module target triple with x86_64' })]],
    ['what git ignores', [shows({ kind: 'ignored', file: 'rust/code.bc' })], [shows({ kind: 'ignored', file: 'rust/code.ll' })]],
    ['ELF', [shows({ kind: 'elf', file })], [lacks({ kind: 'elf', file })]],
    ['what is left after make clean', [{ kind: 'file', file: 'rust/left.bc', build: 'cleaned', shows: true }], [{ kind: 'file', file, build: 'cleaned', shows: true }]],
    ['what is another after the option was off', [{ kind: 'same', file: 'rust/grows', build: 'toggled', shows: false }], [{ kind: 'same', file: 'rust/code.bc', build: 'toggled', shows: false }]],
    ['what is not linked again', [{ kind: 'newer', file: 'rust/old.o', than: 'rust/helpers/helpers_module.bc', build: 'recompiled-module', shows: false }], [{ kind: 'newer', file: 'rust/new.o', than: 'rust/helpers/helpers_module.bc', build: 'recompiled-module', shows: false }]],
    ['what is not linked again with either', [{ kind: 'newer', file: 'rust/old.o', than: 'rust/helpers/helpers.bc', build: 'recompiled', shows: false }], [{ kind: 'newer', file: 'rust/new.o', than: 'rust/helpers/helpers.bc', build: 'recompiled', shows: false }]],
    ['message', [shows({ kind: 'message', text: '/obj/rust/kernel.o: warning: objtool: inlined+0x999: unreachable instruction' })], [shows({ kind: 'message', text: 'kernel.o: warning: objtool: inlined+0x12: return' })]],
    ['message of a twin', onlyWith('on', { kind: 'message', text: 'kernel.o: warning: objtool: inlined+0x999: unreachable instruction' }), onlyWith('off', { kind: 'message', text: 'kernel.o: warning: objtool: unreachable instruction' })],
  ];
  test.each(looks)('%s', async (_, is, isNot) => {
    expect(await run({ symptoms: [is] })).toMatchObject({ code: 0 });
    expect(await run({ symptoms: [isNot] })).toMatchObject({ code: 1 });
    // Any suffices.
    expect(await run({ symptoms: [isNot, is] })).toMatchObject({ code: 0 });
  });

  test('debug information of C', async () => {
    const symptoms = [[shows({ kind: 'unit-of-c', file })]];
    expect(await run({ symptoms, config: { DEBUG: 'y' } })).toMatchObject({ code: 0 });
    expect(await run({ symptoms })).toMatchObject({ code: 1 });
  });
});

test('a build that fails is told by its message alone', async () => {
  const message = (name: string) => [[shows({ kind: 'message', text: `/src/lib/a.c:99:1: error: use of undeclared identifier '${name}'` })]];
  expect(await run({ symptoms: message('lost_one'), config: { BROKEN: 'y' } })).toMatchObject({ code: 0 });
  expect(await run({ symptoms: message('lost_one') })).toMatchObject({ code: 1 });
  expect(await run({ symptoms: message('another'), config: { BROKEN: 'y' } })).toMatchObject({ code: 125 });
  expect(await run({ ...absent, config: { BROKEN: 'y' } })).toMatchObject({ code: 125 });
});

describe('what cannot be told is not told', () => {
  test('without a tool', async () => {
    expect(await run({ ...absent, without: 'llvm-readelf' })).toMatchObject({ code: 125, said: 'cannot be told: there is no llvm-readelf\n' });
    expect(await run({ ...absent, without: 'bindgen' })).toMatchObject({ code: 125, said: 'cannot be told: there is no bindgen\n' });
  });

  test('where an option is lost that was asked for', async () => {
    const parts = { required: [{ symbol: 'RUST', value: 'y' }, { symbol: 'LOST', value: 'y' }] };
    expect(await run({ ...absent, parts, config: { LOST: 'y' } })).toMatchObject({ code: 125, said: expect.stringContaining('CONFIG_LOST=y') as string });
    expect(await run({ ...absent, parts })).toMatchObject({ code: 1 });
  });

  test('on a full disk, whatever else is said', async () => {
    const symptoms = [[shows({ kind: 'message', text: 'cc1: error: No space left on device' })]];
    expect(await run({ symptoms, config: { KILLED: 'y' } })).toMatchObject({ code: 125 });
  });

  test('of helpers that were not compiled again', async () => {
    expect(await run({ symptoms: [[{ kind: 'newer', file: 'rust/new.o', than: 'rust/helpers/helpers.bc', build: 'recompiled-module', shows: false }]] })).toMatchObject({ code: 125 });
  });

  test('of a file that is not there', async () => {
    expect(await run({ symptoms: [[shows({ kind: 'symbol', file: 'rust/gone.o', name: 'x', as: 'any' })]] })).toMatchObject({ code: 125 });
    // Unless something else tells.
    expect(await run({ symptoms: [[shows({ kind: 'symbol', file: 'rust/gone.o', name: 'x', as: 'any' })], [shows({ kind: 'elf', file })]] })).toMatchObject({ code: 0 });
  });

  test('where no look tells', async () => {
    expect(await run({ symptoms: [] })).toMatchObject({ code: 125, said: expect.stringContaining('section rust/kernel.o') as string });
  });

  test('of what is no kernel', async () => {
    expect(await run({ ...absent })).toMatchObject({ code: 1 });
    const script = join(place, 'lonely.sh');
    writeFileSync(script, formatScript(makeFinding({})));
    const { exit } = await runCommand({ argv: ['/bin/sh', script, place], sandbox: { kind: 'none', env: { PATH: '/usr/bin:/bin' }, cwd: place }, timeoutMs: 10_000, signal: new AbortController().signal });
    expect(exit).toMatchObject({ kind: 'exited', code: 125 });
  });
});

test('with the option off in the configuration, what it brings does not show', async () => {
  expect(await run({ symptoms: [[shows({ kind: 'string', file, section: '.modinfo', text: 'import_ns=PWM' })]], config: { RUST_INLINE_HELPERS: 'n' } })).toMatchObject({ code: 1 });
});
