import { expect, test } from 'vitest';
import property from '../../properties/hardening-survives.ts';
import type { ModuleFlag } from '../../src/artifact/reader.ts';
import type { Artifact, Build } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const config = { RUST_INLINE_HELPERS: 'y' };
const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.bc', kind: 'crate-bitcode', part: 'builtin' },
  { path: 'a.m.bc', kind: 'linked-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
  { path: 'core.o', kind: 'rust-object', part: 'builtin' },
];
const steps = [
  makeStep('helpers.bc', 'helpers', 'clang -emit-llvm helpers.c', { inputs: [], outputs: ['helpers.bc'] }),
  makeStep('a.o', 'link', 'llvm-link a.bc helpers.bc', { inputs: ['a.bc', './helpers.bc'], outputs: ['a.m.bc'] }),
  makeStep('a.o', 'codegen', 'clang -c a.m.bc', { inputs: ['a.m.bc'], outputs: ['a.o'] }),
];

/** A module: attributes by function, and its flags. */
function makeModule(functions: Record<string, string[]>, flags: ModuleFlag[] = []): FileFacts {
  const facts = bitcode();
  facts.bitcode?.flags.push(...flags);
  for (const [name, words] of Object.entries(functions)) facts.bitcode?.attributes.set(name, new Set(words));
  return facts;
}

/** An object: instructions by function, all of them global. */
function makeCode(functions: Record<string, string[]>): FileFacts {
  const code = Object.entries(functions).map(([name, instructions]) => ({ name, before: null, instructions }));
  return { ...elf(code.map(({ name }) => ({ name }))), code };
}

const kcfi: ModuleFlag = { behaviour: 4, name: 'kcfi', value: 'i32 1' };
const signing: ModuleFlag = { behaviour: 8, name: 'sign-return-address', value: 'i32 2' };
const signed = 'sign-return-address=non-leaf';
const healthy: Record<string, FileFacts> = {
  'helpers.bc': makeModule({ 'h': ['sanitize_address', 'sspstrong'], 'asan.module_ctor': [] }, [kcfi]),
  'a.bc': makeModule({ 'a': ['sanitize_address', signed], 'asan.module_ctor': [] }, [kcfi, signing]),
  'a.m.bc': makeModule({ a: ['sanitize_address', signed], h: ['sanitize_address'] }, [kcfi, { ...signing, value: 'i32 0' }]),
  'a.o': makeCode({ 'a': ['endbr64'], 'h': ['nop'], 'asan.module_ctor': ['pushq %rax'], 'by_hand': ['nop'] }),
  'core.o': makeCode({ 'core': ['endbr64'], 'asan.module_dtor.4': ['pushq %rax'], '__hwasan_check_x0_2_short': ['ret'] }),
};
function judgeFiles(changes: Record<string, FileFacts>, build: Partial<Build> = {}) {
  return judge(property, { config, artifacts, steps, ...build }, { ...healthy, ...changes });
}

test('a healthy build passes: the code is the crate\'s own, and what linking takes is the matter of another claim', async () => {
  expect(await judgeFiles({})).toEqual({ result: 'passed' });
});

test('helpers without what their crates have fail once, with all that they lack', async () => {
  const crate = makeModule({ a: ['sanitize_address', 'shadowcallstack', signed] });
  const judgement = await judgeFiles({ 'helpers.bc': makeModule({ h: [] }), 'a.bc': crate, 'a.m.bc': crate });
  expect(keysOf(judgement)).toEqual([['helpers', 'sanitize_address', 'shadowcallstack']]);
  expect(judgement).toMatchObject({ failures: [{ evidence: [{ text: 'clang -emit-llvm helpers.c' }] }] });
});

test('a module flag that is gone after linking fails', async () => {
  expect(keysOf(await judgeFiles({ 'a.m.bc': makeModule({ a: ['sanitize_address', signed] }) }))).toEqual([['flag', 'kcfi']]);
});

test.each([
  ['KCSAN', 'sanitize_thread', 'sanitize_thread'],
  ['KMSAN', 'sanitize_memory', 'sanitize_memory'],
  ['STACKPROTECTOR', 'ssp', 'sspreq'],
  ['ZERO_CALL_USED_REGS', 'zero-call-used-regs', 'zero-call-used-regs=used-gpr'],
])('helpers have what C has of %s', async (symbol, key, attribute) => {
  const wanted = { config: { ...config, [symbol]: 'y' } };
  const helpers = (words: string[]) => ({ 'helpers.bc': makeModule({ h: ['sanitize_address', ...words] }) });
  expect(keysOf(await judgeFiles(helpers([]), wanted))).toEqual([['helpers', key]]);
  expect(await judgeFiles(helpers([attribute]), wanted)).toEqual({ result: 'passed' });
});

test('a crate without functions promises nothing', async () => {
  const bare = { 'helpers.bc': makeModule({ h: [] }), 'a.m.bc': makeModule({}, [kcfi]) };
  expect(await judgeFiles({ ...bare, 'a.bc': makeModule({ 'asan.module_ctor': [] }) })).toEqual({ result: 'passed' });
});

test('a few helpers may be left out', async () => {
  const functions = { h: ['sanitize_address', signed], i: ['sanitize_address', signed], noinstr: [] };
  expect(await judgeFiles({ 'helpers.bc': makeModule(functions) })).toEqual({ result: 'passed' });
});

test('a crate that has an attribute no more after linking fails', async () => {
  const judgement = await judgeFiles({ 'a.m.bc': makeModule({ a: [signed] }, [kcfi]) });
  expect(keysOf(judgement)).toEqual([['attribute', 'sanitize_address']]);
});

test('code that lacks what rustc gives to all of its own fails', async () => {
  const judgement = await judgeFiles({ 'a.o': makeCode({ a: ['pushq %rbp'] }) });
  expect(keysOf(judgement)).toEqual([['object', 'landing-pads']]);
  expect(judgement).toMatchObject({ failures: [{ evidence: [{ kind: 'symbol', where: 'a.o', text: 'a: pushq %rbp' }, { kind: 'command', text: 'clang -c a.m.bc' }] }] });
  expect(await judgeFiles({ 'a.o': makeCode({ a: ['pushq %rbp'] }), 'core.o': makeCode({ core: ['pushq %rbp'] }) })).toEqual({ result: 'passed' });
});

test('what the bitcode lacks is not told again of the object, nor of one that is bitcode', async () => {
  const stripped = { 'a.m.bc': makeModule({ a: [signed] }, [kcfi]), 'a.o': makeCode({ a: ['pushq %rbp'] }) };
  expect(keysOf(await judgeFiles(stripped))).toEqual([['attribute', 'sanitize_address']]);
  expect(await judgeFiles({ 'a.o': bitcode() })).toEqual({ result: 'passed' });
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judgeFiles({}, { config: {} })).result).toBe('not-applicable');
});
