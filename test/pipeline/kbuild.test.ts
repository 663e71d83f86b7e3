import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCmdFile, parseShellLine } from '../../src/pipeline/kbuild/cmd-file.ts';
import { findFailedTarget, parseDiagnostics } from '../../src/pipeline/diagnostics.ts';
import { harvestObjtree } from '../../src/pipeline/kbuild/harvest.ts';
import { readSteps, readTracedSteps } from '../../src/pipeline/kbuild/steps.ts';

const crate = `savedcmd_samples/rust/x.o := OBJTREE=/obj RUST_MODFILE=samples/rust/x rustc --edition=2021 --cfg MODULE -Zcrate-attr='feature(a,b)' --emit=dep-info=samples/rust/.x.o.d --emit=llvm-bc=samples/rust/x.bc /src/samples/rust/x.rs ;llvm-link --internalize --suppress-warnings samples/rust/x.bc ./rust/helpers/helpers_module.bc -o samples/rust/x.m.bc; clang -DA='"b c"' -Wno-override-module -c samples/rust/x.m.bc -o samples/rust/x.o ; ld.lld -m elf_x86_64 -r -o samples/rust/.tmp_x.o samples/rust/x.o; mv samples/rust/.tmp_x.o samples/rust/x.o ; ./tools/objtool/objtool --orc samples/rust/x.o

source_samples/rust/x.o := /src/samples/rust/x.rs

deps_samples/rust/x.o := \\
    $(wildcard include/config/RUST) \\
  rust/libkernel.rmeta \\
    $(wildcard include/config/LTO_CLANG) \\
`;

test('a .cmd file gives target, command and options', () => {
  const cmd = parseCmdFile(crate);
  expect(cmd?.target).toBe('samples/rust/x.o');
  expect(cmd?.options).toEqual(['RUST', 'LTO_CLANG']);
});

test("make's escapes are undone", () => {
  const cmd = parseCmdFile(String.raw`savedcmd_a := nm b | awk '$$2~/T/ { printf "\#define %s\n",$$3 }' > a`);
  expect(cmd?.command).toBe(String.raw`nm b | awk '$2~/T/ { printf "#define %s\n",$3 }' > a`);
});

test('what is no .cmd file is null', () => {
  expect(parseCmdFile('# nothing here')).toBeNull();
});

describe('a shell line', () => {
  test('is split into simple commands, environment and redirections apart', () => {
    expect(parseShellLine("A=1 rustc 'x y' --cfg MODULE;llvm-link a -o b && { nm c | awk '$2' > d; }")).toEqual([
      { env: ['A=1'], argv: ['rustc', 'x y', '--cfg', 'MODULE'], redirects: [] },
      { env: [], argv: ['llvm-link', 'a', '-o', 'b'], redirects: [] },
      { env: [], argv: ['nm', 'c'], redirects: [] },
      { env: [], argv: ['awk', '$2'], redirects: ['d'] },
    ]);
  });

  test('names where messages go, and leaves the number of their stream out of the words', () => {
    expect(parseShellLine('llvm-link a -o b 2>/dev/null; seq 1 2')).toEqual([{ env: [], argv: ['llvm-link', 'a', '-o', 'b'], redirects: ['/dev/null'] }, { env: [], argv: ['seq', '1', '2'], redirects: [] }]);
  });

  test('gives back any words that were quoted into it', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9 $"#;|&()=.,-]{1,12}$/);
    fc.assert(fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const line = ['tool', ...words].map((text) => `'${text}'`).join(' ');
      expect(parseShellLine(line)).toEqual([{ env: [], argv: ['tool', ...words], redirects: [] }]);
    }));
  });
});

test.each([
  ['clang -c a.linked.bc -o a.o', 'codegen'],
  ['clang -x ir a.o -fthinlto-index=a.o.thinlto.bc -c -o a.thinlto-native.o', 'other'],
  ['clang -emit-llvm -c a.c -o a.bc', 'other'],
])('%s: %s', (command, role) => {
  expect(readSteps({ target: 'a.o', command, options: [] }, '/obj').map((step) => step.role)).toEqual([role]);
});

test('an objtree gives its steps in the order of execution and its artifacts with their part', async () => {
  const objtree = mkdtempSync(join(tmpdir(), 'kinfuzz-harvest-'));
  const put = (path: string, text: string, time: number) => {
    mkdirSync(dirname(join(objtree, path)), { recursive: true });
    writeFileSync(join(objtree, path), text);
    utimesSync(join(objtree, path), time, time);
  };
  put('samples/rust/.x.o.cmd', crate, 2000);
  put('rust/helpers/.helpers_module.bc.cmd', 'savedcmd_rust/helpers/helpers_module.bc := clang -DMODULE -c -g0 /src/rust/helpers/helpers.c -emit-llvm -o rust/helpers/helpers_module.bc\n', 1000);
  put('samples/rust/x.mod', 'samples/rust/x.o\n', 3000);
  for (const path of ['samples/rust/x.o', 'samples/rust/x.bc', 'samples/rust/x.m.bc', 'samples/rust/y.o', 'rust/helpers/helpers_module.bc']) put(path, '', 3000);
  put('samples/rust/.half.o.cmd', 'savedcmd_samples/ru', 3000);
  const { steps, artifacts, unreadable } = await harvestObjtree(objtree, '/obj', ['prepare', 'samples/rust/', 'not/there/']);
  expect(unreadable).toEqual(['samples/rust/.half.o.cmd']);
  expect(steps.map(({ index, role, tool }) => `${index} ${role} ${tool}`)).toEqual([
    '0 helpers clang', '1 crate rustc', '2 link llvm-link', '3 codegen clang', '4 to-elf ld.lld', '5 other mv', '6 check objtool',
  ]);
  expect(steps[2]).toMatchObject({ target: 'samples/rust/x.o', inputs: ['samples/rust/x.bc', 'rust/helpers/helpers_module.bc'], outputs: ['samples/rust/x.m.bc'], exit: 0 });
  expect(artifacts).toEqual([
    { path: 'rust/helpers/helpers_module.bc', kind: 'helper-bitcode', part: 'module' },
    { path: 'samples/rust/x.bc', kind: 'crate-bitcode', part: 'module' },
    { path: 'samples/rust/x.m.bc', kind: 'linked-bitcode', part: 'module' },
    { path: 'samples/rust/x.o', kind: 'rust-object', part: 'module' },
    { path: 'samples/rust/y.o', kind: 'c-object', part: 'builtin' },
  ]);
});

test('of a whole kernel: where Rust is, the links, and all modules', async () => {
  const objtree = mkdtempSync(join(tmpdir(), 'kinfuzz-harvest-'));
  const put = (path: string, text = '') => {
    mkdirSync(dirname(join(objtree, path)), { recursive: true });
    writeFileSync(join(objtree, path), text);
  };
  const save = (target: string, command: string) => put(join(dirname(target), `.${basename(target)}.cmd`), `savedcmd_${target} := ${command}\n`);
  put('samples/rust/.x.o.cmd', crate);
  put('samples/rust/x.mod', 'samples/rust/x.o\n');
  save('mm/slub.o', 'clang -c -o mm/slub.o /src/mm/slub.c');
  save('scripts/tool.o', 'RUST_MODFILE=tool rustc --emit=obj=scripts/tool.o /src/scripts/tool.rs');
  save('vmlinux.o', 'ld.lld -r -o vmlinux.o --whole-archive vmlinux.a ; ./tools/objtool/objtool --link vmlinux.o');
  save('Module.symvers', 'scripts/mod/modpost -M -o Module.symvers -T modules.order vmlinux.o');
  for (const path of ['samples/rust/x.o', 'samples/rust/x.ko', 'mm/slub.o', 'fs/y.ko', 'vmlinux.o', 'vmlinux', 'Module.symvers', 'scripts/tool.o']) put(path);
  const { steps, artifacts, unreadable } = await harvestObjtree(objtree, '/obj', ['vmlinux', 'modules']);
  expect(unreadable).toEqual([]);
  expect([...new Set(steps.map(({ target }) => target))].sort()).toEqual(['Module.symvers', 'samples/rust/x.o', 'vmlinux.o']);
  expect(steps.filter(({ target }) => target === 'vmlinux.o').map(({ role }) => role)).toEqual(['other', 'check']);
  expect(steps.find(({ target }) => target === 'Module.symvers')).toMatchObject({ role: 'modpost', tool: 'modpost', inputs: ['vmlinux.o'], outputs: ['Module.symvers'] });
  expect(artifacts).toEqual([
    { path: 'fs/y.ko', kind: 'module', part: 'module' },
    { path: 'samples/rust/x.ko', kind: 'module', part: 'module' },
    { path: 'samples/rust/x.o', kind: 'rust-object', part: 'module' },
    { path: 'vmlinux', kind: 'kernel', part: 'builtin' },
    { path: 'vmlinux.o', kind: 'kernel', part: 'builtin' },
  ]);
});

test("pahole's commands are read from what the shell traced", () => {
  const log = '+ pahole -J -j --btf_features=encode_force --lang_exclude=rust --btf_encode_detached=.tmp_vmlinux1.BTF.1 .tmp_vmlinux1\n+ rm -f pahole -J\n+ pahole -J --btf_base ./vmlinux --btf_encode_detached=a/x.ko.BTF.1 a/x.ko\n';
  expect(readTracedSteps(log, '/obj').map(({ target, role, inputs, outputs }) => [target, role, inputs, outputs])).toEqual([
    ['vmlinux', 'btf', ['.tmp_vmlinux1'], ['.tmp_vmlinux1.BTF.1']],
    ['a/x.ko', 'btf', ['a/x.ko'], ['a/x.ko.BTF.1']],
  ]);
});

const failedLog = `/src/a.c:3:5: error: use of undeclared identifier 'x'
    3 |     x;
      |     ^
warning: unused variable: \`y\`
 --> /src/b.rs:1:1
  |
1 | let y;

samples/rust/x.o: warning: objtool: f+0x12: unreachable instruction
ld.lld: error: undefined symbol: g
make[4]: *** [/src/scripts/Makefile.build:354: samples/rust/x.o] Error 1
make[3]: *** [/src/scripts/Makefile.build:545: samples/rust] Error 2
make: *** [/src/Makefile:250: __sub-make] Error 2
`;

test('the target that failed first', () => {
  expect(findFailedTarget(failedLog)).toBe('samples/rust/x.o');
  expect(findFailedTarget("make[2]: *** No rule to make target 'rust/y.bc', needed by 'rust/y.o'.  Stop.\n")).toBe('rust/y.bc');
  expect(findFailedTarget('all is well\n')).toBeNull();
});

test('diagnostics with tool and severity', () => {
  expect(parseDiagnostics(failedLog).map(({ tool, severity, target }) => [tool, severity, target])).toEqual([
    ['clang', 'error', 'samples/rust/x.o'],
    ['rustc', 'warning', null],
    ['objtool', 'warning', 'samples/rust/x.o'],
    ['ld.lld', 'error', 'samples/rust/x.o'],
    ['make', 'error', 'samples/rust/x.o'],
  ]);
});

test('what objtool says of an object, of none, and of itself', () => {
  const said = (line: string) => parseDiagnostics(line).map(({ tool, severity, target }) => [tool, severity, target]);
  expect(said('rust/kernel.o: error: objtool: f() falls through to next function g()')).toEqual([['objtool', 'error', 'rust/kernel.o']]);
  expect(said('rust/kernel.o: error: objtool [elf.c:12]: open: failed')).toEqual([['objtool', 'error', 'rust/kernel.o']]);
  expect(said('error: objtool: no object file specified')).toEqual([['objtool', 'error', null]]);
});

describe('of targets that fail side by side', () => {
  const rust = (name: string, error: string) => `error[E0425]: ${error}\n --> /src/samples/rust/${name}.rs:3:1\n  |\n3 | ${error}\n\nerror: aborting due to 1 previous error\n\n`;
  const gave = (name: string) => `make[4]: *** [/src/scripts/Makefile.build:354: samples/rust/${name}.o] Error 1\n`;
  const errorsOf = (log: string) => parseDiagnostics(log).map(({ tool, target, text }) => [tool, target, text.split('\n')[0]]);

  test('each error has its own', () => {
    const log = `${rust('a', 'one')}In file included from /src/samples/rust/b.c:1:\n/src/include/h.h:7:1: error: two\n${gave('b')}make[4]: *** Waiting for unfinished jobs....\n${gave('a')}`;
    expect(errorsOf(log)).toEqual([
      ['rustc', 'samples/rust/a.o', 'error[E0425]: one'],
      ['clang', 'samples/rust/b.o', '/src/include/h.h:7:1: error: two'],
      ['make', 'samples/rust/b.o', gave('b').trimEnd()],
      ['make', 'samples/rust/a.o', gave('a').trimEnd()],
    ]);
  });

  test('but an error that could be of either has none', () => {
    const lone = 'ld.lld: error: out of section names';
    expect(errorsOf(`${lone}\n${gave('a')}${gave('b')}`)[0]).toEqual(['ld.lld', null, lone]);
    expect(errorsOf(`${gave('a')}${lone}\n${gave('b')}`)[1]).toEqual(['ld.lld', 'samples/rust/b.o', lone]);
  });

  test("a linker's references say whose it is", () => {
    const log = `ld.lld: error: undefined symbol: g\n>>> referenced by y.c\n>>>               samples/rust/b.o:(f)\n${gave('a')}${gave('b')}`;
    expect(errorsOf(log)[0]).toEqual(['ld.lld', 'samples/rust/b.o', 'ld.lld: error: undefined symbol: g']);
  });

  test("make's messages are never part of another's", () => {
    const log = `error: one\n --> /src/samples/rust/a.rs:3:1\n${gave('b')}\n`;
    expect(errorsOf(log).map(([tool]) => tool)).toEqual(['rustc', 'make']);
  });
});

test('what modpost says', () => {
  const log = 'WARNING: modpost: missing MODULE_DESCRIPTION() in x.o\nERROR: modpost: "f" [samples/rust/x.ko] undefined!\n';
  expect(parseDiagnostics(log)).toEqual([
    { severity: 'warning', tool: 'modpost', target: null, text: 'WARNING: modpost: missing MODULE_DESCRIPTION() in x.o' },
    { severity: 'error', tool: 'modpost', target: null, text: 'ERROR: modpost: "f" [samples/rust/x.ko] undefined!' },
  ]);
});

test('what resolve_btfids says', () => {
  const log = "WARN: multiple IDs found for 'task_struct': 1, 2 - using 1\nWARN: resolve_btfids: unresolved symbol f\nFAILED: load BTF from vmlinux: Invalid argument\nWARN: something else\n";
  expect(parseDiagnostics(log).map(({ tool, severity }) => [tool, severity])).toEqual([['resolve_btfids', 'warning'], ['resolve_btfids', 'warning'], ['resolve_btfids', 'error']]);
});
