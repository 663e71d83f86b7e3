import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStep } from '../property/builds.ts';
import { openTiny, type Tiny } from './tiny.ts';

/** Functions that LLVM inlines and others that it cannot, some for reasons of their own. */
const helpers = `
int outside(int);
inline __attribute__((always_inline, gnu_inline)) int inlined(int x) { return outside(x); }
inline __attribute__((always_inline, gnu_inline)) int other_type(int x) { return outside(x) + 1; }
inline __attribute__((always_inline, gnu_inline)) int taken(int x) { return outside(x) + 2; }
inline __attribute__((always_inline, gnu_inline)) int again(int x) { return x ? again(x - 1) + outside(x) : 0; }
__attribute__((noinline)) int banned(int x) { return outside(x) + 3; }
__attribute__((target("avx"))) int featured(int x) { return outside(x) + 4; }
`;
const callees = ['inlined', 'other_type', 'taken', 'again', 'banned', 'featured'];
const crate = [
  ...callees.map((name) => `declare ${name === 'other_type' ? 'i64' : 'i32'} @${name}(i32)`),
  'declare void @use(ptr, i32, i64, i32, i32, i32)',
  'define void @main(i32 %x) {',
  ...callees.filter((name) => name !== 'taken').map((name) => `  %${name} = call ${name === 'other_type' ? 'i64' : 'i32'} @${name}(i32 noundef %x)`),
  '  call void @use(ptr @taken, i32 %inlined, i64 %other_type, i32 %again, i32 %banned, i32 %featured)',
  '  ret void',
  '}',
];

let tiny: Tiny;
beforeAll(async () => {
  tiny = await openTiny();
  await tiny.write('helpers.c', helpers);
  await tiny.write('crate.ll', ['target triple = "x86_64-unknown-linux-gnu"', ...crate].join('\n'));
  await tiny.run('clang', '--target=x86_64-linux-gnu', '-O2', '-c', '-emit-llvm', 'helpers.c', '-o', 'helpers.bc');
  await tiny.run('clang', '--target=aarch64-linux-gnu', '-O2', '-c', '-emit-llvm', '-xc', '/dev/null', '-o', 'foreign.bc');
  await tiny.run('llvm-as', 'crate.ll', '-o', 'crate.bc');
  await tiny.run('llvm-link', '--internalize', '--internalize-public-api-list=main', 'crate.bc', 'helpers.bc', '-o', 'linked.bc');
}, 60_000);
afterAll(() => tiny.remove());

const link = (...files: string[]) => makeStep('a.o', 'link', `llvm-link --internalize --suppress-warnings ${files.join(' ')} -o written.bc`, { inputs: files, outputs: ['written.bc'] });
const codegen = (...words: string[]) => makeStep('a.o', 'codegen', `clang -O2 -Wno-override-module ${words.join(' ')} -c linked.bc -o written.o`, { inputs: ['linked.bc'], outputs: ['written.o'] });

describe('a command that is run again', () => {
  test('says what it was told not to say: llvm-link', async () => {
    expect(await tiny.reader.linkWarnings(link('helpers.bc', 'foreign.bc'))).toEqual([
      expect.stringContaining('different data layouts'),
      "warning: Linking two modules of different target triples: 'foreign.bc' is 'aarch64-unknown-linux-gnu' whereas 'llvm-link' is 'x86_64-unknown-linux-gnu'",
    ]);
    expect(await tiny.reader.linkWarnings(link('crate.bc', 'helpers.bc'))).toEqual([]);
  });

  test('says what it was told not to say: clang, with -Werror too', async () => {
    expect(await tiny.reader.overrideWarnings(codegen('--target=x86_64-linux-gnu'))).toEqual([]);
    const warning = ['warning: overriding the module target triple with x86_64-unknown-none-elf [-Woverride-module]'];
    expect(await tiny.reader.overrideWarnings(codegen('--target=x86_64-none-elf', '-Werror'))).toEqual(warning);
  });

  test('writes nothing', async () => {
    expect((await readdir(tiny.directory)).filter((name) => name.startsWith('written'))).toEqual([]);
  });

  test('and now fails: the infrastructure', async () => {
    await expect(tiny.reader.linkWarnings(link('nowhere.bc'))).rejects.toMatchObject({ name: 'InfraError', code: 'NOT_REPEATED' });
    const unknown = { ...link('helpers.bc'), tool: 'ccache' };
    await expect(tiny.reader.linkWarnings(unknown)).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });
});

test('calls that are left, and why', async () => {
  const calls = await tiny.reader.remainingCalls(codegen('--target=x86_64-linux-gnu'), callees);
  const told = calls.map(({ caller, callee, reason, calledAs, definedAs }) => [caller, callee, reason, calledAs, definedAs]).sort();
  expect(told).toEqual([
    ['again', 'again', 'recursive call', 'i32 (i32)', 'i32 (i32)'],
    ['main', 'again', 'recursive call', 'i32 (i32)', 'i32 (i32)'],
    ['main', 'banned', 'noinline function attribute', 'i32 (i32)', 'i32 (i32)'],
    ['main', 'featured', 'conflicting attributes', 'i32 (i32)', 'i32 (i32)'],
    ['main', 'other_type', null, 'i64 (i32)', 'i32 (i32)'],
  ]);
  expect(calls.find(({ callee }) => callee === 'featured')?.differences).toEqual(['target-cpu', 'target-features']);
  expect(await tiny.reader.remainingCalls(codegen('--target=x86_64-linux-gnu'), ['inlined'])).toEqual([]);
});
