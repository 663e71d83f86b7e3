import { describe, expect, test } from 'vitest';
import property from '../../properties/helpers-internal.ts';
import type { Artifact, Build, Step } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.m.bc', kind: 'linked-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
  { path: 'exports_kernel_generated.h', kind: 'exports', part: 'builtin' },
  { path: 'exports_helpers_generated.h', kind: 'exports', part: 'builtin' },
  { path: 'rust/exports.o', kind: 'c-object', part: 'builtin' },
];
const healthy: Record<string, FileFacts> = {
  'helpers.bc': bitcode([{ name: 'rust_helper_a' }, { name: 'oddly_named' }, { name: 'inner', linkage: 'internal' }, { name: 'llvm.used', linkage: 'appending' }]),
  'a.m.bc': bitcode([{ name: 'a_main' }, { name: 'rust_helper_a', linkage: 'internal' }, { name: 'outside', isDefined: false }, { name: 'llvm.used', linkage: 'appending' }]),
  'a.o': elf([{ name: 'a_main' }, { name: 'rust_helper_a', binding: 'local' }, { name: 'outside', section: 'UNDEF' }, { name: 'inner' }]),
  'exports_kernel_generated.h': { format: 'other', text: 'EXPORT_SYMBOL_RUST_GPL(a_main);\n' },
  'exports_helpers_generated.h': { format: 'other', text: 'EXPORT_SYMBOL_RUST_GPL(rust_helper_a);\n' },
  'rust/exports.o': elf([{ name: '__export_symbol_a_main' }]),
};
const link = makeStep('a.o', 'link', 'llvm-link a.bc helpers.bc -o a.m.bc', { inputs: ['a.bc', './helpers.bc'], outputs: ['a.m.bc'] });
function judgeFiles(changes: Record<string, FileFacts>, steps: Step[] = [link], config: Build['config'] = { RUST_INLINE_HELPERS: 'y' }) {
  return judge(property, { config, artifacts, steps }, { ...healthy, ...changes });
}

test('a healthy build passes, with a table left over from another config', async () => {
  expect(await judgeFiles({})).toEqual({ result: 'passed' });
});

describe('fails', () => {
  test.each<[string, Record<string, FileFacts>, string[]]>([
    ['a global helper in the object', { 'a.o': elf([{ name: 'rust_helper_a', visibility: 'hidden' }]) }, ['global', 'rust_helper_a']],
    ['a weak one', { 'a.o': elf([{ name: 'rust_helper_a', binding: 'weak' }]) }, ['weak', 'rust_helper_a']],
    ['an undefined one', { 'a.o': elf([{ name: 'rust_helper_b', section: 'UNDEF' }]) }, ['undefined', 'rust_helper_b']],
    ['one not called as helpers are', { 'a.o': elf([{ name: 'oddly_named' }]) }, ['global', 'oddly_named']],
    ['one not internal in the linked bitcode', { 'a.m.bc': bitcode([{ name: 'rust_helper_a' }]) }, ['global', 'rust_helper_a']],
    ['one missing in the linked bitcode', { 'a.m.bc': bitcode([{ name: 'rust_helper_a', isDefined: false }]) }, ['undefined', 'rust_helper_a']],
    ['one exported by the object', { 'a.o': elf([{ name: '__ksymtab_rust_helper_a' }]) }, ['exported', 'rust_helper_a']],
    ['one exported by the tables', { 'exports_kernel_generated.h': { format: 'other', text: 'EXPORT_SYMBOL_RUST_GPL(rust_helper_a);' } }, ['exported', 'rust_helper_a']],
    ['one exported by what the tables become', { 'rust/exports.o': bitcode([{ name: '__export_symbol_rust_helper_a' }]) }, ['exported', 'rust_helper_a']],
    ['one that is weak before it is linked', { 'helpers.bc': bitcode([{ name: 'rust_helper_a', linkage: 'weak' }]) }, ['replaceable', 'rust_helper_a']],
  ])('%s', async (_, changes, key) => {
    expect(keysOf(await judgeFiles(changes))).toEqual([key]);
  });

  test('a weak variable, as nobody can put another in its place any more', async () => {
    const limit = { name: 'limit', kind: 'variable' as const, linkage: 'weak' };
    expect(keysOf(await judgeFiles({ 'helpers.bc': bitcode([{ name: 'rust_helper_a' }, limit]), 'a.o': elf([{ name: 'a_main' }]) }))).toEqual([['replaceable', 'limit']]);
  });

  test('but nothing of a weak function of a compiler, or one that is declared', async () => {
    const weak = [{ name: '__llvm_profile_x', linkage: 'weak' }, { name: 'asan.x', linkage: 'weak' }, { name: 'outside', linkage: 'weak', isDefined: false }];
    expect(await judgeFiles({ 'helpers.bc': bitcode([{ name: 'rust_helper_a' }, ...weak]), 'a.o': elf([{ name: 'a_main' }]) })).toEqual({ result: 'passed' });
  });

  test('a cause that shows everywhere once', async () => {
    const names = Array.from({ length: 100 }, (_, index) => ({ name: `rust_helper_${index}` }));
    const judgement = await judgeFiles({ 'a.m.bc': bitcode(names), 'a.o': elf(names) });
    expect(keysOf(judgement)).toEqual([['global', 'many']]);
    expect(judgement).toMatchObject({ failures: [{ summary: '100 helpers are global in a.m.bc, a.o' }] });
    const evidence = judgement.result === 'failed' ? judgement.failures[0]?.evidence : [];
    expect(evidence?.[0]).toEqual({ kind: 'command', where: 'a.o', text: 'llvm-link a.bc helpers.bc -o a.m.bc' });
  });

  test("the helpers' own table when something reads it", async () => {
    const inputs = ['/src/exports.c', './exports_helpers_generated.h'];
    const step = makeStep('rust/exports.o', 'other', 'clang -c exports.c', { inputs, outputs: ['rust/exports.o'] });
    expect(keysOf(await judgeFiles({}, [step]))).toEqual([['exports-table']]);
  });
});

test("what the compiler adds to every file is no helper", async () => {
  const added = [{ name: 'asan.module_ctor' }, { name: '___asan_globals_registered', kind: 'variable' as const, linkage: 'common' }];
  const names = added.map(({ name }) => ({ name }));
  expect(await judgeFiles({ 'helpers.bc': bitcode(added), 'a.o': elf(names) })).toEqual({ result: 'passed' });
});

test('that a crate was never linked is left to the property that is about that', async () => {
  const calling = elf([{ name: 'rust_helper_b', section: 'UNDEF' }]);
  expect(await judgeFiles({ 'a.o': calling }, [])).toEqual({ result: 'passed' });
  expect(keysOf(await judgeFiles({ 'a.o': elf([{ name: 'rust_helper_a' }]) }, []))).toEqual([['global', 'rust_helper_a']]);
});

test('an object that is bitcode is left to the property that is about that', async () => {
  expect(await judgeFiles({ 'a.o': bitcode() })).toEqual({ result: 'passed' });
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judgeFiles({}, [], {})).result).toBe('not-applicable');
});
