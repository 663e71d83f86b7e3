import { describe, expect, test } from 'vitest';
import incremental from '../../properties/incremental-equals-clean.ts';
import reproducible from '../../properties/reproducible.ts';
import type { Artifact, Build, Built } from '../../src/property/contract.ts';
import { emptyBuild, makeStep } from '../property/builds.ts';
import { type FileFacts, keysOf, recite } from './facts.ts';

const artifacts: Artifact[] = [
  { path: 'helpers.bc', kind: 'helper-bitcode', part: 'builtin' },
  { path: 'a.bc', kind: 'crate-bitcode', part: 'builtin' },
  { path: 'a.m.bc', kind: 'linked-bitcode', part: 'builtin' },
  { path: 'a.o', kind: 'rust-object', part: 'builtin' },
];
const steps = [
  makeStep('a.o', 'crate', 'rustc a.rs', { inputs: ['/src/a.rs'], outputs: ['a.bc'] }),
  makeStep('a.o', 'link', 'llvm-link a.bc helpers.bc', { inputs: ['a.bc', './helpers.bc'], outputs: ['a.m.bc'] }),
  makeStep('a.o', 'codegen', 'clang a.m.bc', { inputs: ['a.m.bc'], outputs: ['a.o'] }),
  makeStep('a.o', 'check', 'objtool a.o', { inputs: ['a.o'], outputs: ['a.o'] }),
];
const build: Build = { ...emptyBuild, artifacts, steps };

/** Files by what their parts hold. */
function files(parts: Record<string, Record<string, string>>): Record<string, FileFacts> {
  return Object.fromEntries(Object.entries(parts).map(([path, some]) => [
    path, { format: path.endsWith('.bc') ? 'bitcode' : 'elf', digest: JSON.stringify(some), parts: Object.entries(some).map(([part, digest]) => ({ part, digest })) },
  ]));
}

const healthy = { 'helpers.bc': { header: 'h', code: 'c' }, 'a.bc': { header: 'h', code: 'a' }, 'a.m.bc': { code: 'm' }, 'a.o': { '.text': 't', '.rodata': 'r' } };
const subject: Built = { build, artifacts: recite(files(healthy)) };
const other = (changes: Record<string, Record<string, string>>): Built => ({ build, artifacts: recite(files({ ...healthy, ...changes })) });
const failing: Built = { build: { ...build, outcome: { kind: 'failed', step: null, target: 'a.o', summary: 'error: no' } }, artifacts: recite({}) };

describe('reproducible', () => {
  const judge = async (changes: Parameters<typeof other>[0], isElsewhere = true) => keysOf(await reproducible.judge({ ...subject, passes: { again: { ...other(changes), isElsewhere } } }));

  test('the same bytes pass', async () => {
    expect(await judge({})).toBe('passed');
  });

  test('bitcode may say where its source is, at another place', async () => {
    expect(await judge({ 'helpers.bc': { header: 'elsewhere', code: 'c' } })).toBe('passed');
    expect(await judge({ 'helpers.bc': { header: 'elsewhere', code: 'c' } }, false)).toEqual([['helper-bitcode', 'header']]);
  });

  test('a section that differs, each by its name', async () => {
    expect(await judge({ 'a.o': { '.text': 't', '.rodata': '/sr2/a.rs' } })).toEqual([['rust-object', '.rodata']]);
  });

  test('the file where it begins, not all that is made of it', async () => {
    expect(await judge({ 'a.bc': { header: 'h', code: 'x' }, 'a.m.bc': { code: 'x' }, 'a.o': { '.text': 'x', '.rodata': 'r' } })).toEqual([['crate-bitcode', 'code']]);
  });

  test('a second build that fails', async () => {
    expect(keysOf(await reproducible.judge({ ...subject, passes: { again: { ...failing, isElsewhere: true } } }))).toEqual([['builds', 'error: no']]);
  });
});

describe('incremental-equals-clean', () => {
  const judge = async (rebuilt: Built, halfway: Build | null = emptyBuild) => keysOf(await incremental.judge({ ...subject, passes: { incremental: { ...rebuilt, halfway, modules: null } } }));

  test('the same bytes pass', async () => {
    expect(await judge(other({}))).toBe('passed');
  });

  test('a file that knows nothing of what it includes', async () => {
    const compile = makeStep('helpers.bc', 'helpers', 'clang helpers.c', { inputs: ['/src/helpers.c'], outputs: ['helpers.bc'] });
    const judgeLists = async (text: string) => {
      const known = { build: { ...build, steps: [compile, ...steps] }, artifacts: recite({ ...files(healthy), '.helpers.bc.cmd': { format: 'other', text } }) };
      return keysOf(await incremental.judge({ ...known, passes: { incremental: { ...known, halfway: emptyBuild, modules: null } } }));
    };
    expect(await judgeLists('savedcmd_helpers.bc := clang\n')).toEqual([['not-made-anew', 'dependencies']]);
    expect(await judgeLists('savedcmd_helpers.bc := clang\n\ndeps_helpers.bc := \\\n  a.h \\\n')).toBe('passed');
  });

  test('an object that was not made anew', async () => {
    expect(await judge(other({ 'a.o': { '.text': 'old' } }))).toEqual([['rust-object', 'stale']]);
  });

  test('stale helpers, and not all that is made of them', async () => {
    expect(await judge(other({ 'helpers.bc': { code: 'old' }, 'a.m.bc': { code: 'old' }, 'a.o': { '.text': 'old' } }))).toEqual([['helper-bitcode', 'stale']]);
  });

  const compile = makeStep('helpers.bc', 'helpers', 'clang helpers.c', { inputs: ['/src/helpers.c'], outputs: ['helpers.bc'] });
  const whole: Build = { ...build, steps: [compile, ...steps] };
  const again = (...rebuilt: Build['steps']) => incremental.judge({ build: whole, artifacts: subject.artifacts, passes: { incremental: { ...subject, build: { ...build, steps: rebuilt }, halfway: emptyBuild, modules: null } } });

  test('what was linked before the helpers were compiled again', async () => {
    expect(keysOf(await again(compile, ...steps))).toBe('passed');
    expect(keysOf(await again(...steps, compile))).toEqual([['not-made-anew', 'link']]);
  });

  test('a module that knows nothing of its helpers', async () => {
    const judgeModules = (...modules: Build['steps']) => incremental.judge({ build: whole, artifacts: subject.artifacts, passes: { incremental: { build: whole, artifacts: subject.artifacts, halfway: emptyBuild, modules: { ...build, steps: modules } } } });
    expect(keysOf(await judgeModules(compile, ...steps))).toBe('passed');
    expect(keysOf(await judgeModules(...steps, compile))).toEqual([['not-made-anew', 'link of modules']]);
  });

  test('helpers that keep other flags', async () => {
    expect(keysOf(await again({ ...compile, argv: [...compile.argv, '-DOTHER'] }, ...steps))).toEqual([['not-made-anew', 'flags']]);
  });

  test('what is still linked with the option off', async () => {
    expect(await judge(other({}), whole)).toEqual([['not-made-anew', 'halfway']]);
  });

  test('a rebuild that fails, and one that leaves nothing', async () => {
    expect(await judge(failing)).toEqual([['builds', 'error: no']]);
    expect(await judge({ build, artifacts: recite(files({ ...healthy, 'a.o': {} })) })).toEqual([['rust-object', 'stale']]);
    expect(await judge({ build, artifacts: recite({ ...files(healthy), 'a.o': { format: 'missing' } }) })).toEqual([['rust-object', 'gone']]);
  });
});
