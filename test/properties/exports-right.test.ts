import { describe, expect, test } from 'vitest';
import property from '../../properties/exports-right.ts';
import type { Artifact, Build, Built, Judgement } from '../../src/property/contract.ts';
import { emptyBuild } from '../property/builds.ts';
import { elf, type FileFacts, keysOf, recite } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'rust/exports_kernel_generated.h', kind: 'exports', part: 'builtin' },
  { path: 'rust/exports_helpers_generated.h', kind: 'exports', part: 'builtin' },
  { path: 'rust/kernel.o', kind: 'rust-object', part: 'builtin' },
  { path: 'rust/exports.o', kind: 'c-object', part: 'builtin' },
  { path: 'a.ko', kind: 'module', part: 'module' },
];
const offers = (...names: string[]) => elf(names.map((name) => ({ name: `__export_symbol_${name}`, binding: 'local' as const })));
const table = (...names: string[]): FileFacts => ({ format: 'other', text: names.map((name) => `EXPORT_SYMBOL_RUST_GPL(${name});\n`).join('') });
const versions = (sums: Record<string, string>): FileFacts => ({ format: 'other', text: `savedcmd_x := y\n\n${Object.entries(sums).map(([name, sum]) => `#SYMVER ${name} ${sum}\n`).join('')}` });
const needs = (...names: string[]) => elf(names.map((name) => ({ name, section: 'UNDEF' })));
/** modpost's table: `SUM NAME`, and another way of exporting where it is not the usual. */
const symvers = (rows: string[]): FileFacts => ({
  format: 'other',
  text: rows.map((row) => row.split(' ')).map(([sum, name, as = 'EXPORT_SYMBOL_GPL']) => `${sum}\t${name}\tvmlinux\t${as}\t\n`).join(''),
});
const healthy = {
  'rust/exports_kernel_generated.h': table('a', 'b'),
  'rust/exports.o': offers('a', 'b'),
  'rust/.kernel.o.cmd': versions({ a: '0x1', b: '0x2' }),
  'vmlinux.o': elf([{ name: '__export_symbol_a', binding: 'local' }, { name: '__export_symbol_callee', binding: 'local' }]),
  'a.ko': needs('a', 'callee'),
};
const healthyTwin = { ...healthy, 'rust/exports_helpers_generated.h': table('rust_helper_a'), 'a.ko': needs('a', 'rust_helper_a') };

/** Two names of one function, and what other functions stand alone. */
const merged = { 'rust/kernel.o': elf([{ name: 'a', value: 8 }, { name: 'b', value: 8 }]) };

function judgePair(on: Record<string, FileFacts>, off: Record<string, FileFacts> = {}, build: Partial<Build> = {}, other: Partial<Build> = {}): Promise<Judgement> {
  const whole = { ...emptyBuild, config: { MODVERSIONS: 'y' }, artifacts };
  const twin: Built = { build: { ...whole, ...other }, artifacts: recite({ ...healthyTwin, ...off }) };
  return property.judge({ build: { ...whole, ...build }, artifacts: recite({ ...healthy, ...on }), passes: { twin } });
}

test('the same exports, the helpers aside, pass', async () => {
  expect(await judgePair({})).toEqual({ result: 'passed' });
});

describe('fails', () => {
  const modpost = { severity: 'error' as const, tool: 'modpost', target: null, text: 'ERROR: modpost: "callee" [a.ko] undefined!' };
  test.each<[string, () => Promise<Judgement>, string[]]>([
    ['an export that is lost', () => judgePair({ 'rust/exports_kernel_generated.h': table('a') }), ['exports', 'fewer', 'rust/exports_kernel_generated.h']],
    ['an export that is new', () => judgePair({ 'rust/exports_kernel_generated.h': table('a', 'b', 'c') }), ['exports', 'more', 'rust/exports_kernel_generated.h']],
    ['a table that nothing is made of', () => judgePair({ 'rust/exports.o': offers('a') }), ['exports', 'fewer', 'rust/exports.o']],
    ['another version', () => judgePair({ 'rust/.kernel.o.cmd': versions({ a: '0x1', b: '0x3' }) }), ['versions', 'another version than with the option off']],
    ['another version of functions that LLVM made one of', () => judgePair({ ...merged, 'rust/.kernel.o.cmd': versions({ a: '0x3', b: '0x3' }) }, { ...merged, 'rust/.kernel.o.cmd': versions({ a: '0x1', b: '0x1' }) }), ['versions', 'another version than with the option off, and one place in the code with another symbol']],
    ['another version of functions of which only one build made one', () => judgePair({ ...merged, 'rust/.kernel.o.cmd': versions({ a: '0x3', b: '0x3' }) }), ['versions', 'another version than with the option off']],
    ['a lost version', () => judgePair({ 'rust/.kernel.o.cmd': versions({ a: '0x1' }) }), ['versions', 'a version only with the option off']],
    ['a callee that is not exported', () => judgePair({ 'a.ko': needs('a', 'hidden') }), ['needs', 'hidden']],
    ['one that modpost did not list', () => judgePair({ 'Module.symvers': symvers(['0x1 a']) }), ['needs', 'callee']],
    ['a complaint of modpost', () => judgePair({}, {}, { diagnostics: [modpost] }), ['modpost', 'ERROR: modpost: "callee" [a.ko] undefined!']],
  ])('%s', async (_, judged, key) => {
    expect(keysOf(await judged())).toEqual([key]);
  });
});

describe('does not fail', () => {
  test.each<[string, () => Promise<Judgement>]>([
    ['where both builds lack the same export', () => judgePair({ 'a.ko': needs('gone') }, { 'a.ko': needs('gone') })],
    ['where no kernel is there to export anything', () => judgePair({ 'vmlinux.o': { format: 'missing' }, 'a.ko': needs('hidden') })],
    ['for what is bitcode yet', () => judgePair({ 'rust/exports.o': { format: 'bitcode' } }, { 'rust/exports.o': { format: 'bitcode' } })],
    ['without versions', () => judgePair({ 'rust/.kernel.o.cmd': versions({}) }, {}, { config: {} }, { config: {} })],
    ['for a helper, which another claim is about', () => judgePair({ 'rust/exports_kernel_generated.h': table('a', 'b', 'rust_helper_a') })],
  ])('%s', async (_, judged) => {
    expect(await judged()).toEqual({ result: 'passed' });
  });
});

describe('of a linked kernel, modpost\'s tables', () => {
  const off = { 'Module.symvers': symvers(['0x1 a', '0x2 callee', '0x3 rust_helper_a']) };
  const judgeTable = (rows: string[], more: Record<string, string> = {}) => judgePair({ 'Module.symvers': symvers(rows) }, off, { config: { MODVERSIONS: 'y', ...more } });

  test('are the same but for helpers', async () => {
    expect(await judgeTable(['0x1 a', '0x2 callee'])).toEqual({ result: 'passed' });
  });

  test.each<[string, string[], string[]]>([
    ['another version of a symbol of C', ['0x1 a', '0x9 callee'], ['versions', 'another version than with the option off']],
    ['another way to export', ['0x1 a', '0x2 callee EXPORT_SYMBOL'], ['symvers', 'otherwise than with the option off']],
    ['a symbol more', ['0x1 a', '0x2 callee', '0x3 new'], ['symvers', 'only with the option on']],
  ])('fail with %s', async (_, rows, key) => {
    expect(keysOf(await judgeTable(rows))).toEqual([key]);
  });

  test('fail with one that is lost, and with what needed it', async () => {
    expect(keysOf(await judgeTable(['0x1 a']))).toEqual([['symvers', 'only with the option off'], ['needs', 'callee']]);
  });

  test('may hold what modules need where the rest is trimmed', async () => {
    expect(await judgeTable(['0x1 a', '0x2 callee', '0x3 new'], { TRIM_UNUSED_KSYMS: 'y' })).toEqual({ result: 'passed' });
  });
});
