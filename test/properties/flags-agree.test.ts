import { describe, expect, test } from 'vitest';
import property from '../../properties/flags-agree.ts';
import type { Artifact, Step } from '../../src/property/contract.ts';
import { emptyBuild, makeStep } from '../property/builds.ts';
import { judge, keysOf, recite } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'rust/helpers/helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'rust/helpers/helpers_module.bc', kind: 'helper-bitcode', part: 'module' },
];
const ofC = '-O2 -m64 -mcmodel=kernel -fno-PIE -fsanitize=kcfi -mllvm -asan-globals=1 -std=gnu11 -D__KERNEL__';

function helper(name: string, flags: string): Step {
  return makeStep(`rust/helpers/${name}.bc`, 'helpers', `clang ${flags} -DKBUILD_MODNAME="${name}" -g0 -emit-llvm -c -o rust/helpers/${name}.bc /src/rust/helpers/helpers.c`, {
    inputs: ['/src/rust/helpers/helpers.c'], outputs: [`rust/helpers/${name}.bc`],
  });
}

const traps = '-mllvm -trap-unreachable -mllvm -no-trap-after-noreturn';
const healthyCodegen = `-O2 -m64 -mcmodel=kernel -fno-PIE -fsanitize=kcfi ${traps}`;

type Parts = { builtin?: string; module?: string; codegen?: string; rust?: string; neighbour?: string | null };

function stepsOf({ builtin = ofC, module = `${ofC} -DMODULE`, codegen = healthyCodegen, rust = '', neighbour = ofC }: Parts): Step[] {
  return [
    helper('helpers', builtin), helper('helpers_module', module),
    makeStep('a.o', 'crate', `rustc ${rust} --emit=llvm-bc=a.bc a.rs`, { inputs: ['a.rs'], outputs: ['a.bc'] }),
    makeStep('a.o', 'codegen', `clang ${codegen} -c a.m.bc -o a.o`, { inputs: ['a.m.bc'], outputs: ['a.o'] }),
    ...(neighbour === null ? [] : [makeStep('rust/exports.o', 'other', `clang ${neighbour} -c -o rust/exports.o /src/rust/exports.c`, { inputs: ['/src/rust/exports.c'], outputs: ['rust/exports.o'] })]),
  ];
}

const judgeParts = (parts: Parts) => judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps: stepsOf(parts) }, {});

describe('passes', () => {
  test.each<[string, Parts]>([
    ['the same flags', {}],
    ['LTO and debug information, which other claims are about', { neighbour: `${ofC} -flto=thin -fvisibility=hidden -gdwarf-5`, builtin: `${ofC} -flto=thin -fno-lto` }],
    ['instrumentation, which is done when bitcode is written', { builtin: `${ofC} -fno-optimize-sibling-calls`, module: `${ofC} -DMODULE -fno-optimize-sibling-calls`, neighbour: `${ofC} -fno-optimize-sibling-calls` }],
    ['prototypes, which helpers have none of', { neighbour: `${ofC} -Wmissing-prototypes -Wmissing-declarations`, codegen: `${healthyCodegen} -Wno-override-module` }],
    ['sanitizers that other claims are about', { neighbour: `${ofC} -fsanitize=kernel-address -fsanitize=thread` }],
    ["Propeller's map, of C alone", { builtin: `${ofC} -fbasic-block-address-map`, module: `${ofC} -DMODULE -fbasic-block-address-map`, neighbour: `${ofC} -fbasic-block-address-map` }],
    ['options of LLVM for both', { rust: '-Cllvm-args=-enable-x', codegen: `${healthyCodegen} -mllvm -enable-x` }],
    ['a flag of what clang makes of all code', { codegen: `${healthyCodegen} -fsanitize=shadow-call-stack -fsanitize-coverage=stack-depth`, neighbour: `${ofC} -fsanitize=shadow-call-stack` }],
    ['coverage of rustc', { rust: '-Cllvm-args=-sanitizer-coverage-level=3' }],
  ])('%s', async (_, parts) => {
    expect(await judgeParts(parts)).toEqual({ result: 'passed' });
  });
});

describe('fails', () => {
  test.each<[string, Parts, string[]]>([
    ['helpers that lack a flag', { builtin: ofC.replace('-fno-PIE ', ''), module: `${ofC.replace('-fno-PIE ', '')} -DMODULE` }, ['helpers', 'lack', '-fno-PIE']],
    ['helpers for modules with a flag of their own', { neighbour: null, module: `${ofC} -DMODULE -fodd=1` }, ['helpers', 'lack', '-fodd']],
    ['code for another model of memory', { codegen: `-O2 -m64 -fno-PIE ${traps}` }, ['codegen', 'lack', '-mcmodel']],
    ['options of LLVM that end with rustc', { rust: '-C llvm-args=-enable-x=true' }, ['codegen', 'lack', '-mllvm -enable-x']],
    ['options of LLVM of one line, as one', { rust: '-Cllvm-args=-b=1 -Cllvm-args=-a=1' }, ['codegen', 'lack', '-mllvm -a', '-mllvm -b']],
    ['sections that rustc was to make', { rust: '-Zfunction-sections=y' }, ['codegen', 'lack', '-ffunction-sections']],
    ['helpers without a sanitizer that C alone has', { neighbour: `${ofC} -fsanitize=array-bounds` }, ['helpers', 'lack', '-fsanitize']],
    ['helpers with a macro of their own', { builtin: `${ofC} -DNDEBUG`, module: `${ofC} -DMODULE -DNDEBUG` }, ['helpers', 'have', '-DNDEBUG']],
    ['helpers that are compiled without a header', { neighbour: `${ofC} -include compiler-version.h` }, ['helpers', 'lack', '-include compiler-version.h']],
    ['helpers that find other headers', { builtin: `${ofC} -Iarch/other`, module: `${ofC} -DMODULE -Iarch/other` }, ['helpers', 'have', '-Iarch/other']],
    ['helpers whose warnings are not said', { builtin: `${ofC} -w`, module: `${ofC} -DMODULE -w` }, ['helpers', 'have', '-w']],
    ['code generation whose warnings are not said', { codegen: `${healthyCodegen} -w` }, ['codegen', 'have', '-w']],
    ['code generation that takes warnings for no errors', { builtin: `${ofC} -Werror`, module: `${ofC} -DMODULE -Werror`, neighbour: `${ofC} -Werror` }, ['codegen', 'lack', '-Werror']],
    ['options of clang itself', { codegen: `${healthyCodegen} -Xclang -disable-llvm-passes` }, ['codegen', 'have', '-Xclang -disable-llvm-passes']],
    ['one of the traps that rustc would set', { codegen: healthyCodegen.replace('-mllvm -trap-unreachable ', '') }, ['codegen', 'lack', '-mllvm -trap-unreachable']],
    ['traps that rustc would set', { codegen: healthyCodegen.replace(/ -mllvm.*/, '') }, ['codegen', 'lack', '-mllvm -no-trap-after-noreturn', '-mllvm -trap-unreachable']],
    ['code generation that is not to say which flags do nothing', { codegen: `${healthyCodegen} -Qunused-arguments` }, ['codegen', 'have', '-Qunused-arguments']],
    ['code generation that traces once more', { codegen: `${healthyCodegen} -fsanitize-coverage=trace-pc -fsanitize=thread`, builtin: `${ofC} -fsanitize-coverage=trace-pc`, module: `${ofC} -DMODULE -fsanitize-coverage=trace-pc`, neighbour: `${ofC} -fsanitize-coverage=trace-pc` }, ['codegen', 'have', '-fsanitize', '-fsanitize-coverage']],
    ['functions without the call that a tracer patches', { builtin: `${ofC} -pg`, module: `${ofC} -DMODULE -pg`, neighbour: `${ofC} -pg` }, ['codegen', 'lack', '-pg']],
    ['code generation with more', { codegen: `${healthyCodegen} -ffast-math` }, ['codegen', 'have', '-ffast-math']],
  ])('%s', async (_, parts, key) => {
    expect(keysOf(await judgeParts(parts))).toEqual([key]);
  });

  test('code that is not optimised, by both sides', async () => {
    expect(keysOf(await judgeParts({ codegen: `-O0 -m64 -mcmodel=kernel -fno-PIE ${traps}` }))).toEqual([['codegen', 'lack', '-O2'], ['codegen', 'have', '-O0']]);
  });

  test('helpers, where only the build with the option off has C code to compare', async () => {
    const twin = { build: { ...emptyBuild, steps: stepsOf({ neighbour: `${ofC} -fstrict-flex-arrays=3` }) }, artifacts: recite({}) };
    const judged = property.judge({ build: { ...emptyBuild, config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps: stepsOf({ neighbour: null }) }, artifacts: recite({}), passes: { twin } });
    expect(keysOf(await judged)).toEqual([['helpers', 'lack', '-fstrict-flex-arrays'], ['codegen', 'lack', '-fstrict-flex-arrays']]);
  });
});
