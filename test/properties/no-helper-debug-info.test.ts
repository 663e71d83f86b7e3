import { expect, test } from 'vitest';
import property from '../../properties/no-helper-debug-info.ts';
import type { Artifact } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, elf, type FileFacts, judge, keysOf } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.m.bc', kind: 'linked-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
];
const steps = [makeStep('helpers.bc', 'helpers', 'clang -g -emit-llvm helpers.c', { inputs: [], outputs: ['helpers.bc'] })];
const units = (...languages: string[]): FileFacts => bitcode([], languages);
const object = (...languages: string[]): FileFacts => {
  const compileUnits = languages.map((language) => ({ name: 'unit', language, producer: 'test' }));
  return { ...elf(), compileUnits };
};
function judgeFiles(helpers: FileFacts, linked: FileFacts, final: FileFacts) {
  return judge(property, { artifacts, steps }, { 'helpers.bc': helpers, 'a.m.bc': linked, 'a.o': final });
}

test.each([
  ['no debug information at all', units(), units(), object()],
  ['that of Rust', units(), units('DW_LANG_Rust'), object('DW_LANG_Rust', '')],
])('passes: %s', async (_, helpers, linked, final) => {
  expect(await judgeFiles(helpers, linked, final)).toEqual({ result: 'passed' });
});

test('helpers with debug information are one failure, however far it gets', async () => {
  const judgement = await judgeFiles(units('DW_LANG_C11'), units('DW_LANG_Rust', 'DW_LANG_C11'), object('DW_LANG_C11'));
  expect(keysOf(judgement)).toEqual([['helpers']]);
  expect(judgement).toMatchObject({ failures: [{ summary: 'helpers.bc: compiled with debug information, which reaches a.m.bc, a.o' }] });
  const evidence = judgement.result === 'failed' ? judgement.failures[0]?.evidence : [];
  expect(evidence?.[0]).toMatchObject({ kind: 'command', text: 'clang -g -emit-llvm helpers.c' });
});

test.each(['DW_LANG_C', 'DW_LANG_C89', 'DW_LANG_C17', 'DW_LNAME_C'])('%s in a Rust object fails whoever brought it', async (language) => {
  expect(keysOf(await judgeFiles(units(), units(), object('DW_LANG_Rust', language)))).toEqual([['crate']]);
});

test('an object that is bitcode counts too', async () => {
  expect(keysOf(await judgeFiles(units(), units(), units('DW_LANG_C11')))).toEqual([['crate']]);
});

test('says nothing about a build without Rust objects', async () => {
  expect((await judge(property, { artifacts: artifacts.slice(0, 2) })).result).toBe('not-applicable');
});
