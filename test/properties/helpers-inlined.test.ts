import { describe, expect, test } from 'vitest';
import property from '../../properties/helpers-inlined.ts';
import type { RemainingCall } from '../../src/artifact/reader.ts';
import type { Artifact, Step } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
];
const codegen = makeStep('a.o', 'codegen', 'clang -c a.m.bc -o a.o', { inputs: ['a.m.bc'], outputs: ['./a.o'] });
const call = (callee: string, change: Partial<RemainingCall> = {}): RemainingCall =>
  ({ caller: 'a_main', callee, reason: 'noinline function attribute', differences: [], calledAs: 'i32 (i32)', definedAs: 'i32 (i32)', ...change });
function judgeCalls(names: string[], calls: RemainingCall[], changes: Record<string, FileFacts> = {}, steps: Step[] = [codegen]) {
  const files = { 'helpers.bc': bitcode([{ name: 'oddly_named' }]), 'a.o': elf(names.map((name) => ({ name, binding: 'local' as const }))), ...changes };
  return judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps }, files, { remainingCalls: { 'a.o': calls } });
}

describe('passes', () => {
  test.each<[string, string[], RemainingCall[]]>([
    ['no copy of any helper', ['a_main'], []],
    ['a copy whose address is taken', ['rust_helper_a'], []],
    ['a copy that calls itself', ['rust_helper_a'], [call('rust_helper_a', { caller: 'rust_helper_a', reason: null })]],
    ['one that cannot be inlined because it does', ['rust_helper_a'], [call('rust_helper_a', { reason: 'recursive call' })]],
    ['what LLVM may inline and finds too large', ['rust_helper_a'], [call('rust_helper_a', { reason: 'too costly to inline (cost=500, threshold=225)' })]],
    ['a function of a header that a helper calls', ['inner'], [call('inner')]],
  ])('%s', async (_, names, calls) => {
    expect(await judgeCalls(names, calls)).toEqual({ result: 'passed' });
  });

  test('what is for other properties to report', async () => {
    expect(await judgeCalls([], [call('rust_helper_a')], { 'a.o': elf([{ name: 'rust_helper_a' }]) })).toEqual({ result: 'passed' });
    expect(await judgeCalls([], [call('rust_helper_a')], { 'a.o': bitcode() })).toEqual({ result: 'passed' });
    expect(await judgeCalls(['rust_helper_a'], [call('rust_helper_a')], {}, [])).toEqual({ result: 'passed' });
  });
});

describe('fails', () => {
  test.each<[string, string, Partial<RemainingCall>, string[]]>([
    ['for a reason that LLVM gives', 'rust_helper_a', {}, ['noinline function attribute', 'rust_helper_a']],
    ['for a helper not called as helpers are', 'oddly_named', {}, ['noinline function attribute', 'oddly_named']],
    ['for a call by another type', 'rust_helper_a', { reason: null, calledAs: 'i64 (i32)' }, ['called by another type', 'rust_helper_a']],
    ['for no reason given', 'rust_helper_a', { reason: null }, ['for no reason given', 'rust_helper_a']],
  ])('%s', async (_, name, change, key) => {
    expect(keysOf(await judgeCalls([name], [call(name, change)]))).toEqual([key]);
  });

  test('for a helper that is not called as C calls, whose calls are gone', async () => {
    const helper = (convention?: string) => ({ 'helpers.bc': bitcode([{ name: 'rust_helper_a', ...(convention === undefined ? {} : { convention }) }, { name: 'inner', linkage: 'internal', convention: 'fastcc' }]) });
    expect(keysOf(await judgeCalls([], [], helper('win64cc')))).toEqual([['convention', 'rust_helper_a']]);
    expect(await judgeCalls([], [], helper())).toEqual({ result: 'passed' });
    const naked = bitcode([{ name: 'rust_helper_a' }], [], { attributes: new Map([['rust_helper_a', new Set(['naked'])]]) });
    expect(keysOf(await judgeCalls([], [], { 'helpers.bc': naked }))).toEqual([['convention', 'rust_helper_a']]);
  });

  test('with caller, types and command', async () => {
    expect(await judgeCalls(['rust_helper_a'], [call('rust_helper_a', { reason: null, calledAs: 'i64 (i32)' })])).toMatchObject({
      failures: [{
        summary: 'rust_helper_a not inlined in a.o: called by another type',
        evidence: [{ kind: 'symbol', where: 'a.o', text: 'a_main calls rust_helper_a, as i64 (i32); it is i32 (i32)' }, { kind: 'command', text: 'clang -c a.m.bc -o a.o' }],
      }],
    });
  });

  test('naming the attributes that conflict', async () => {
    const change = { reason: 'conflicting attributes', differences: ['null_pointer_is_valid', 'target-features'] };
    expect(await judgeCalls(['rust_helper_a'], [call('rust_helper_a', change)])).toMatchObject({
      failures: [{ summary: 'rust_helper_a not inlined in a.o: conflicting attributes (null_pointer_is_valid, target-features)' }],
    });
  });

  test('a cause that shows in many helpers once', async () => {
    const names = Array.from({ length: 4 }, (_, index) => `rust_helper_${index}`);
    expect(keysOf(await judgeCalls(names, names.map((name) => call(name))))).toEqual([['noinline function attribute', 'many']]);
  });
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judge(property, { artifacts })).result).toBe('not-applicable');
});
