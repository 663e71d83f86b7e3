import { expect, test } from 'vitest';
import property from '../../properties/module-variant.ts';
import type { Artifact, Build, Part } from '../../src/property/contract.ts';
import { makeStep } from '../property/builds.ts';
import { bitcode, judge, keysOf } from './facts.ts';

type Defect = { isUnlinked?: boolean; linksNothing?: boolean; lacks?: string;  macro?: string; linked?: string; cfg?: string; holds?: string[]; crateHolds?: string[]; builtinHolds?: string[] };
const on = { RUST_INLINE_HELPERS: 'y', MODULES: 'y' };

/** One crate with both helper bitcodes, healthy but for the defect. */
function judgeCrate(part: Part, defect: Defect = {}) {
  const isModule = part === 'module';
  const helper = defect.linked ?? (isModule ? './helpers_module.bc' : './helpers.bc');
  const macro = defect.macro ?? '-DMODULE';
  const cfg = defect.cfg ?? (isModule ? '--cfg MODULE' : '');
  const steps = [
    makeStep('helpers.bc', 'helpers', 'clang -emit-llvm helpers.c', { inputs: [], outputs: ['helpers.bc'] }),
    makeStep('helpers_module.bc', 'helpers', `clang ${macro} -emit-llvm helpers.c`, { inputs: [], outputs: ['helpers_module.bc'] }),
    makeStep('a.o', 'crate', `rustc ${cfg} a.rs`, { inputs: ['a.rs'], outputs: ['a.bc'] }),
    ...(defect.isUnlinked ? [] : [makeStep('a.o', 'link', `llvm-link a.bc ${helper}`, { inputs: ['a.bc', ...(defect.linksNothing ? [] : [helper])], outputs: ['a.m.bc'] })]),
  ];
  const artifacts: Artifact[] = [
    { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
    { path: 'helpers_module.bc', kind: 'helper-bitcode', part: 'module' },
    { path: 'a.bc', kind: 'crate-bitcode', part },
    { path: 'a.m.bc', kind: 'linked-bitcode', part },
    { path: 'a.o', kind: 'rust-object', part },
  ];
  const named = (names: string[]) => bitcode(names.map((name) => ({ name, linkage: 'internal' })));
  const build: Partial<Build> = { config: on, steps, artifacts: artifacts.filter((artifact) => artifact.path !== defect.lacks) };
  return judge(property, build, {
    'helpers.bc': named(['rust_helper_a', '__SCK__might_resched', '.str.9', ...(defect.builtinHolds ?? [])]),
    'helpers_module.bc': named(['rust_helper_a', '__might_resched', 'key.12', '__this_module']),
    'a.bc': named(defect.crateHolds ?? ['a_main']),
    'a.m.bc': named(defect.holds ?? ['a_main', 'rust_helper_a', isModule ? '__might_resched' : '__SCK__might_resched']),
  });
}

test.each<Part>(['module', 'builtin'])('a healthy crate passes: %s', async (part) => {
  expect(await judgeCrate(part)).toEqual({ result: 'passed' });
});

test.each<[string, Part, Defect, string[]]>([
  ['the helpers for modules compiled as the others', 'module', { macro: '' }, ['helpers', 'module']],
  ['the macro taken back', 'module', { macro: '-DMODULE -UMODULE' }, ['helpers', 'module']],
  ['a module linked with the built-in helpers', 'module', { linked: './helpers.bc' }, ['link', 'module']],
  ['a built-in crate linked with the helpers for modules', 'builtin', { linked: './helpers_module.bc' }, ['link', 'builtin']],
  ['a module crate without its cfg', 'module', { cfg: '' }, ['cfg', 'module']],
  ['a built-in crate with the cfg', 'builtin', { cfg: '--cfg MODULE' }, ['cfg', 'builtin']],
  ['a crate that is not linked at all', 'module', { isUnlinked: true, holds: [] }, ['unlinked', 'module']],
  ['a crate linked with no helpers', 'builtin', { linksNothing: true }, ['unlinked', 'builtin']],
  ['no helpers for modules', 'builtin', { lacks: 'helpers_module.bc' }, ['helpers-missing', 'module']],
  ['built-in helpers whose source defines MODULE', 'builtin', { builtinHolds: ['__this_module'] }, ['owner', 'builtin']],
  ['the right name, the wrong content', 'module', { holds: ['a_main', '__SCK__might_resched'] }, ['content', 'module']],
])('fails: %s', async (_, part, defect, key) => {
  expect(keysOf(await judgeCrate(part, defect))).toEqual([key]);
});

test('what the crate itself names, or linking renamed, is no mark of the other helpers', async () => {
  const names = ['a_main', '__SCK__might_resched', '.str.9'];
  expect(await judgeCrate('module', { holds: names, crateHolds: names.slice(0, 2) })).toEqual({ result: 'passed' });
  expect(await judgeCrate('builtin', { holds: ['a_main', 'key.12'] })).toEqual({ result: 'passed' });
});

test('what is below rust/ is linked in one case only', async () => {
  const objects = ['rust/core.o', 'rust/bindings.o', './rust/kernel.o'].map((path): Artifact => ({ path, kind: 'rust-object', part: 'builtin' }));
  const helpers: Artifact = { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' };
  const judgement = await judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts: [helpers, ...objects] }, { 'helpers.bc': bitcode([{ name: 'rust_helper_a', linkage: 'internal' }]) });
  expect(judgement).toMatchObject({ failures: [{ summary: './rust/kernel.o is built in and not linked with the helpers' }] });
  expect(keysOf(await judge(property, { config: on }))).toEqual([['helpers-missing', 'builtin'], ['helpers-missing', 'module']]);
});

test('a crate below rust/ that helpers are linked into, and that does not wait for them', async () => {
  const object = (path: string): Artifact => ({ path, kind: 'rust-object', part: 'builtin' });
  const link = (name: string) => makeStep(`rust/${name}.o`, 'link', `llvm-link rust/${name}.bc helpers.bc`, { inputs: [`rust/${name}.bc`, 'helpers.bc'], outputs: [`rust/${name}.m.bc`] });
  const artifacts: Artifact[] = [{ path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' }, object('rust/bindings.o'), object('rust/kernel.o')];
  const judged = judge(property, { config: { RUST_INLINE_HELPERS: 'y' }, artifacts, steps: [link('bindings'), link('kernel')] }, { 'helpers.bc': bitcode([]) });
  expect(keysOf(await judged)).toEqual([['linked']]);
});

test('says nothing where helpers are not inlined', async () => {
  expect((await judge(property, { config: { RUST_INLINE_HELPERS: 'n' } })).result).toBe('not-applicable');
});
