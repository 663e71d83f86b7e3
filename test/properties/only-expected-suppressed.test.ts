import { describe, expect, test } from 'vitest';
import property from '../../properties/only-expected-suppressed.ts';
import type { BitcodeFacts, FunctionTarget, ModuleFlag } from '../../src/artifact/reader.ts';
import type { Artifact, Build } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, judge, keysOf, type Repeated } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.bc', kind: 'crate-bitcode', part: 'builtin' },
];
const steps = [
  makeStep('a.o', 'link', 'llvm-link --suppress-warnings a.bc helpers.bc -o a.m.bc', { inputs: ['a.bc', './helpers.bc'], outputs: ['a.m.bc'] }),
  makeStep('a.o', 'codegen', 'clang -Wno-override-module -c a.m.bc -o a.o', { inputs: ['a.m.bc'], outputs: ['a.o'] }),
];
function judgeBuild(repeated: Repeated, crate: Partial<BitcodeFacts> = {}, helpers: Partial<BitcodeFacts> = {}, arch: Build['arch'] = 'x86_64') {
  const files = { 'a.bc': bitcode([], [], crate), 'helpers.bc': bitcode([], [], helpers) };
  return judge(property, { arch, config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps }, files, repeated);
}

const triples = (left: string, right: string) => `warning: Linking two modules of different target triples: 'helpers.bc' is '${left}' whereas 'llvm-link' is '${right}'`;
const override = (triple: string) => `warning: overriding the module target triple with ${triple} [-Woverride-module]`;

describe('warnings', () => {
  const onArm64 = { linkWarnings: { 'a.o': [triples('aarch64-unknown-linux-gnu', 'aarch64-unknown-none')] }, overrideWarnings: { 'a.o': [override('aarch64-unknown-linux-gnu')] } };

  test('none, or of the two triples on arm64', async () => {
    expect(await judgeBuild({})).toEqual({ result: 'passed' });
    expect(await judgeBuild(onArm64, {}, {}, 'arm64')).toEqual({ result: 'passed' });
  });

  test('the same on another architecture', async () => {
    expect(keysOf(await judgeBuild(onArm64))).toEqual([
      ['llvm-link', 'warning: Linking two modules of different target triples'], ['clang', 'warning: overriding the module target triple'],
    ]);
  });

  test.each<[string, string[]]>([
    [triples('aarch64-unknown-linux-gnu', 'aarch64_be-unknown-none'), ['llvm-link', 'warning: Linking two modules of different target triples']],
    ["warning: Linking two modules of different data layouts: 'helpers.bc' is 'e-m:w' whereas 'llvm-link' is 'e-m:e'", ['llvm-link', 'warning: Linking two modules of different data layouts']],
    ["warning: linking module flags 'Odd': IDs have conflicting values ('i32 1' from samples/rust/b.bc with 'i32 2' from llvm-link)", ['llvm-link', "warning: linking module flags 'Odd': IDs have conflicting values ('i32 <n>' from b.bc with 'i32 <n>' from llvm-link)"]],
  ])('%s', async (warning, key) => {
    const judgement = await judgeBuild({ linkWarnings: { 'a.o': [warning] } }, {}, {}, 'arm64');
    expect(keysOf(judgement)).toEqual([key]);
    expect(judgement).toMatchObject({ failures: [{ evidence: [{ kind: 'log', text: warning }, { kind: 'command' }] }] });
  });
});

test('messages that are thrown away', async () => {
  const quiet = steps.map((step) => ({ ...step, outputs: [...step.outputs, '/dev/null'] }));
  const files = { 'a.bc': bitcode(), 'helpers.bc': bitcode() };
  expect(keysOf(await judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps: quiet }, files, {}))).toEqual([['llvm-link', 'thrown away'], ['clang', 'thrown away']]);
});

describe('flags of which the smaller value wins', () => {
  const flag = (value: number, behaviour = 8): ModuleFlag => ({ behaviour, name: 'sign-return-address', value: `i32 ${value}` });

  test.each<[string, ModuleFlag[], ModuleFlag[]]>([
    ['are equal', [flag(2)], [flag(2)]],
    ['are off where they are not set', [flag(0)], []],
    ['are of the same value, though one side overrides', [flag(1, 4)], [flag(1)]],
    ['are not those that differ', [flag(2, 7)], [flag(4, 7)]],
  ])('%s', async (_, crate, helpers) => {
    expect(await judgeBuild({}, { flags: crate }, { flags: helpers })).toEqual({ result: 'passed' });
  });

  test.each<[string, ModuleFlag[], ModuleFlag[]]>([
    ['helpers lack', [flag(2)], []],
    ['the crate lacks', [], [flag(1)]],
    ['differ in value', [flag(2)], [flag(1)]],
  ])('%s', async (_, crate, helpers) => {
    expect(keysOf(await judgeBuild({}, { flags: crate }, { flags: helpers }))).toEqual([['flag', 'sign-return-address']]);
  });
});

describe('features', () => {
  const target = (line: string, cpu = 'x86-64'): FunctionTarget[] => [{ cpu, features: line.split(',') }];

  test.each<[string, FunctionTarget[], FunctionTarget[]]>([
    ['that both have', target('-sse,+retpoline'), target('+retpoline,-sse')],
    ['that every x86-64 has', target('-sse'), target('+cmov,+cx8,+fxsr,-sse')],
    ['of Rust alone', target('+soft-float'), target('-sse')],
    ['that the processor may have, whatever it is', target('-sse', 'znver5'), target('+adx,-sse', 'znver5')],
    ['of functions that say nothing', [], target('+adx')],
  ])('%s', async (_, crate, helpers) => {
    expect(await judgeBuild({}, { targets: crate }, { targets: helpers })).toEqual({ result: 'passed' });
  });

  test.each<[string, FunctionTarget[], FunctionTarget[]]>([
    ['of the helpers alone', target('-sse'), target('+adx,+cmov')],
    ['that rustc turns off', target('-adx', 'znver5'), target('+adx', 'znver5')],
    ['of another processor', target('-sse'), target('+adx', 'znver5')],
  ])('%s', async (_, crate, helpers) => {
    expect(keysOf(await judgeBuild({}, { targets: crate }, { targets: helpers }))).toEqual([['feature', 'adx']]);
  });
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judge(property, { artifacts, steps })).result).toBe('not-applicable');
});
