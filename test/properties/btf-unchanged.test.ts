import { expect, test } from 'vitest';
import property from '../../properties/btf-unchanged.ts';
import type { Artifact, Build } from '../../src/property/contract.ts';
import { emptyBuild, makeStep } from '../property/builds.ts';
import { elf, type FileFacts, keysOf, recite } from './facts.ts';

const artifacts: Artifact[] = [{ path: 'a.ko', kind: 'module', part: 'module' }];
const steps = [makeStep('vmlinux', 'btf', 'pahole -J vmlinux', { inputs: ['vmlinux'], outputs: ['vmlinux'] })];

function linked(...btfNames: string[]): FileFacts {
  const facts: FileFacts = { ...elf(), btfNames };
  if (btfNames.length > 0) facts.elf?.sections.push({ name: '.BTF', type: 'SHT_PROGBITS', flags: [], size: 9 });
  return facts;
}

const off = { 'vmlinux': linked('page', 'task_struct', 'of_helpers'), 'a.ko': linked('task_struct', 'own') };

function judgePair(on: Record<string, FileFacts>, build: Partial<Build> = {}, twin: Partial<Build> = {}, before: Record<string, FileFacts> = off) {
  const whole = { ...emptyBuild, config: { DEBUG_INFO_BTF: 'y', DEBUG_INFO_BTF_MODULES: 'y' }, artifacts, steps };
  return property.judge({ build: { ...whole, ...build }, artifacts: recite(on), passes: { twin: { build: { ...whole, ...twin }, artifacts: recite(before) } } });
}

test('types that only helpers have may go', async () => {
  expect(await judgePair({ 'vmlinux': linked('page', 'task_struct'), 'a.ko': linked('task_struct', 'own') })).toEqual({ result: 'passed' });
});

test.each<[string, Record<string, FileFacts>, string[]]>([
  ['a type of the kernel that is there twice', { 'vmlinux': linked('page', 'page', 'task_struct'), 'a.ko': linked() }, ['more', 'page']],
  ['a new one', { 'vmlinux': linked('page', 'helper'), 'a.ko': linked() }, ['more', 'helper']],
  ['one that a module has to bring along', { 'vmlinux': linked('page'), 'a.ko': linked('task_struct', 'own') }, ['more', 'task_struct']],
  ['a module that has types only now', { 'vmlinux': linked('page'), 'a.ko': linked('new') }, ['more', 'new']],
  ['many', { 'vmlinux': linked('a', 'b', 'c', 'd'), 'a.ko': linked() }, ['more', 'many']],
])('fails: %s', async (_, on, key) => {
  expect(keysOf(await judgePair(on))).toEqual([key]);
});

test('types of Rust are the matter of another claim', async () => {
  expect(await judgePair({ 'vmlinux': linked('page', 'Option<u8>'), 'a.ko': linked() })).toEqual({ result: 'passed' });
});

test('says nothing where there is no BTF in both', async () => {
  const on = { 'vmlinux': linked('new'), 'a.ko': linked() };
  expect((await judgePair(on, { config: {} })).result).toBe('not-applicable');
  expect((await judgePair(on, {}, { outcome: { kind: 'failed', step: null, target: null, summary: '' } })).result).toBe('not-applicable');
  expect((await judgePair(on, {}, {}, { vmlinux: { format: 'missing' } })).result).toBe('not-applicable');
  expect((await judgePair({ vmlinux: { format: 'missing' } })).result).toBe('not-applicable');
});
