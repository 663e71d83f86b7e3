import { expect, test } from 'vitest';
import property from '../../properties/files-unshared.ts';
import type { Step } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { judge, keysOf } from './facts.ts';

const link = (crate: string, linked: string) => makeStep(`${crate}.o`, 'link', `llvm-link ${crate}.bc helpers.bc -o ${linked}`, { inputs: [`${crate}.bc`, 'helpers.bc'], outputs: [linked] });
const helper = (name: string, list: string) => makeStep(`${name}.bc`, 'helpers', `clang -Wp,-MMD,${list} -emit-llvm -o ${name}.bc helpers.c`, { inputs: ['helpers.c'], outputs: [`${name}.bc`] });
const judgeSteps = (steps: Step[], config: Record<string, string> = { RUST_INLINE_HELPERS: 'y' }) => judge(property, { config, steps });

test('passes where each target has files of its own, written more than once maybe', async () => {
  expect(await judgeSteps([link('a', 'a.m.bc'), link('./a', './a.m.bc'), link('b', 'b.m.bc'), helper('helpers', '.helpers.bc.d'), helper('helpers_module', '.helpers_module.bc.d')])).toEqual({ result: 'passed' });
});

test('fails where two targets write one, or list their sources in one', async () => {
  expect(keysOf(await judgeSteps([link('a', 'linked.m.bc'), link('b', './linked.m.bc')]))).toEqual([['link']]);
  expect(await judgeSteps([helper('helpers', '.helpers.d'), link('a', 'a.m.bc'), helper('helpers_module', '.helpers.d')])).toMatchObject({
    failures: [{ symptoms: [['helpers', 'helpers_module'].map((name) => ({ kind: 'words', target: `${name}.bc`, tool: 'clang', words: '-Wp,-MMD,.helpers.d' }))] }],
  });
  expect(await judgeSteps([link('rust/a', 'rust/x.bc'), link('rust/b', './rust/x.bc')])).toMatchObject({ failures: [{ symptoms: [[{ target: 'rust/a.o', words: '-o rust/x.bc' }, { target: 'rust/b.o', words: '-o rust/x.bc' }]] }] });
  expect(keysOf(await judgeSteps([helper('helpers', '.helpers.d'), helper('helpers_module', '.helpers.d')]))).toEqual([['helpers']]);
});

test('a device is no file', async () => {
  const quiet = (crate: string) => ({ ...link(crate, `${crate}.m.bc`), outputs: [`${crate}.m.bc`, '/dev/null'] });
  expect(await judgeSteps([quiet('a'), quiet('b')])).toEqual({ result: 'passed' });
});

test('says nothing of other steps, or without the option', async () => {
  const shared = [makeStep('a', 'other', 'sh -c x', { inputs: [], outputs: ['x'] }), makeStep('b', 'other', 'sh -c x', { inputs: [], outputs: ['x'] })];
  expect(await judgeSteps(shared)).toEqual({ result: 'passed' });
  expect((await judgeSteps([link('a', 'x.bc'), link('b', 'x.bc')], {})).result).toBe('not-applicable');
});
