import type { FindingRecord } from '../../src/verdict/finding.ts';

/** A whole record around the parts that a test is about. */
export function makeFinding(parts: Partial<FindingRecord>): FindingRecord {
  return {
    kind: 'finding', version: 1,
    signature: 'no-helper-identity:79052f01', property: 'no-helper-identity', claim: 'nothing says in an object which unit the helpers were compiled as',
    summary: "rust/helpers/helpers.bc: module information 'import_ns=PWM', which reaches rust/kernel.o",
    evidence: [
      { kind: 'section', where: 'rust/kernel.o', text: '.modinfo: helpers.import_ns=PWM' },
      { kind: 'command', where: 'rust/helpers/helpers.bc', text: `clang -nostdinc '-DKBUILD_MODNAME="helpers"' -c /src/rust/helpers/helpers.c -emit-llvm -o rust/helpers/helpers.bc` },
    ],
    symptoms: [[{ kind: 'string', file: 'rust/kernel.o', section: '.modinfo', text: 'helpers.import_ns=PWM', build: 'this', shows: true }]],
    arch: 'x86_64', seed: 'kf2_smallest.e8ff7c_seed', index: 3, space: { name: 'smallest', hash: 'e8ff7c', source: 'smallest' }, passes: [],
    tree: { kind: 'kernel', spec: 'debian:linux-source-7.3', version: '7.3.4', fingerprint: 'e'.repeat(64) },
    toolchain: { kind: 'debian', fingerprint: '3'.repeat(64), tools: { clang: 'Debian clang version 22.1.8', rustc: 'rustc 1.96.1' } },
    targets: ['prepare', 'samples/rust/'], config: 'c'.repeat(64), resolution: 'certified',
    required: [{ symbol: 'RUST', value: 'y' }, { symbol: 'RUST_INLINE_HELPERS', value: 'y' }, { symbol: 'MODVERSIONS', value: 'n' }],
    choices: { with: 'nothing' }, minimized: null,
    ...parts,
  };
}

/** One sign of each kind, and one of each build. */
export const everySign: FindingRecord['symptoms'] = [
  [{ kind: 'message', text: "lib/a.c:4:22: error: use of undeclared identifier 'missing'", build: 'this', shows: true }],
  [{ kind: 'string', file: 'rust/kernel.o', section: '.rodata.str1.1', text: "it's `here` $HOME", build: 'this', shows: true }],
  [
    { kind: 'symbol', file: 'rust/kernel.o', name: '__sanitizer_cov_stack_depth', as: 'undefined', build: 'this', shows: true },
    { kind: 'symbol', file: 'rust/kernel.o', name: '__sanitizer_cov_stack_depth', as: 'undefined', build: 'twin', shows: false },
  ],
  [{ kind: 'section', file: 'rust/kernel.o', name: '.init_array.0', build: 'this', shows: true }],
  [{ kind: 'words', target: 'rust/kernel.o', tool: 'clang', words: '-mllvm -x=true', build: 'this', shows: false }],
  [{ kind: 'text', file: 'rust/exports.h', text: 'EXPORT_SYMBOL(x)', build: 'this', shows: true }],
  [{ kind: 'unit-of-c', file: 'rust/kernel.o', build: 'this', shows: true }],
  [{ kind: 'attribute', file: 'rust/helpers/helpers.bc', name: 'sanitize_address', build: 'this', shows: false }],
  [{ kind: 'flag', file: 'rust/helpers/helpers.bc', name: 'kcfi', value: 'i32 1', build: 'this', shows: true }],
  [{ kind: 'warning', target: 'rust/kernel.o', tool: 'llvm-link', text: "Linking two modules of different data layouts: 'a.bc' is 'e' whereas 'llvm-link' is 'E'", build: 'this', shows: true }],
  [{ kind: 'ignored', file: 'rust/helpers/helpers.bc', build: 'this', shows: false }],
  [{ kind: 'elf', file: 'rust/kernel.o', build: 'this', shows: false }],
  [{ kind: 'file', file: 'rust/left.bc', build: 'cleaned', shows: true }],
  [{ kind: 'same', file: 'rust/kernel.o', build: 'toggled', shows: false }],
  [{ kind: 'newer', file: 'samples/rust/a.o', than: 'rust/helpers/helpers_module.bc', build: 'recompiled-module', shows: false }],
];
