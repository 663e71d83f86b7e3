import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Build, Mutant } from '../../src/pipeline/records.ts';
import type { Arch } from '../../src/tree/records.ts';
import { buildOnHost, resolveEmbedded, withDirectory } from '../support/toolchain.ts';

const rust = [
  'EXPERT=y', 'DEBUG_KERNEL=y', 'MODULES=y', 'RUST=y', 'SAMPLES=y', 'SAMPLES_RUST=y', 'CONFIGFS_FS=y',
  'SAMPLE_RUST_MINIMAL=m', 'SAMPLE_RUST_PRINT=y', 'SAMPLE_RUST_MISC_DEVICE=y', 'BLK_DEV_RUST_NULL=m',
];
const inline = 'RUST_INLINE_HELPERS=y';
const lto = { none: 'LTO_NONE=y', full: 'LTO_CLANG_FULL=y', thin: 'LTO_CLANG_THIN=y' };

async function build(arch: Arch, sets: readonly string[], run: (build: Build) => Promise<void> | void, mutant: Mutant | null = null): Promise<void> {
  const config = await resolveEmbedded(arch, [...rust, ...sets].map((set) => `CONFIG_${set}\n`).join(''));
  await withDirectory(async (objtree) => run(await buildOnHost({ arch, config, objtree, mutant })));
}

/** Succeeded without a word, and every artifact it names is there. */
async function expectClean(result: Build): Promise<void> {
  expect(result.outcome).toEqual({ kind: 'succeeded' });
  expect(result.diagnostics).toEqual([]);
  expect(result.steps.every(({ exit }) => exit === 0)).toBe(true);
  await Promise.all(result.artifacts.map(({ path }) => access(join(result.objtree, path))));
}

describe.each(['x86_64', 'arm64'] as const)('%s', (arch) => {
  test.each(Object.entries(lto))('builds with helpers inlined, LTO %s', (_, set) =>
    build(arch, [inline, set], async (result) => {
      await expectClean(result);
      const artifact = (path: string) => result.artifacts.find((candidate) => candidate.path === path);
      expect(artifact('samples/rust/rust_minimal.m.bc')).toMatchObject({ kind: 'linked-bitcode', part: 'module' });
      expect(artifact('samples/rust/rust_minimal.o')).toMatchObject({ kind: 'rust-object', part: 'module' });
      expect(artifact('drivers/block/rnull/rnull.o')).toMatchObject({ kind: 'rust-object', part: 'module' });
      expect(artifact('rust/kernel.m.bc')).toMatchObject({ kind: 'linked-bitcode', part: 'builtin' });
      expect(artifact('samples/rust/rust_minimal.ko')).toMatchObject({ kind: 'module', part: 'module' });
      expect(artifact('rust/helpers/helpers_module.bc')).toMatchObject({ kind: 'helper-bitcode', part: 'module' });
    }),
  );

  test.each(Object.entries(lto))('builds with helpers called, LTO %s', (_, set) =>
    build(arch, [set], async (result) => {
      await expectClean(result);
      expect(result.artifacts).toContainEqual({ path: 'rust/helpers/helpers.o', kind: 'c-object', part: 'builtin' });
      expect(result.artifacts.filter(({ kind }) => kind === 'helper-bitcode')).toEqual([]);
    }),
  );
});

test('a UML builds, without the option', () => build('um', [inline], expectClean));

describe('mutants', () => {
  const mutant: Mutant = {
    name: 'no-macro',
    property: 'module-variant',
    defect: 'helpers for modules are compiled as if built in',
    needs: {},
    apply: (plan) => plan.map((step) => ({ ...step, argv: step.argv.filter((word) => word !== '-DMODULE') })),
  };

  test('change what is executed', () =>
    build('x86_64', [inline, lto.none], (result) => {
      expect(result.outcome.kind).toBe('succeeded');
      expect(result.steps.find(({ target }) => target === 'rust/helpers/helpers_module.bc')?.argv).not.toContain('-DMODULE');
    }, mutant));

  test('that break a command make a failed build, which ends there', () =>
    build('arm64', [inline], (result) => {
      expect(result.outcome).toMatchObject({ kind: 'failed', target: 'rust/kernel.o', step: { role: 'link' } });
      const failed = result.steps.findIndex(({ exit }) => exit !== 0);
      expect(result.steps.slice(failed + 1).every(({ exit }) => exit === null)).toBe(true);
      expect(result.diagnostics).toContainEqual(expect.objectContaining({ severity: 'error', tool: 'llvm-link', target: 'rust/kernel.o' }));
    }, { ...mutant, apply: (plan) => plan.map((step) => (step.role === 'link' ? { ...step, argv: [...step.argv, 'rust/none.bc'] } : step)) }));
});

describe('what is not the build\'s fault', () => {
  const limits = { config: '# nothing is set\n', arch: 'um' } as const;

  test('a missing tool', () =>
    withDirectory(async (objtree) => {
      const gone: Mutant = { name: 'gone', property: '', defect: '', needs: {}, apply: (plan) => plan.map((step) => ({ ...step, argv: ['no-such-tool'] })) };
      expect((await buildOnHost({ ...limits, objtree, mutant: gone })).outcome).toMatchObject({ kind: 'infra', code: 'TOOL_MISSING' });
    }));

  test('a killed tool', () =>
    withDirectory(async (objtree) => {
      const killed: Mutant = { name: 'killed', property: '', defect: '', needs: {}, apply: (plan) => plan.map((step) => ({ ...step, argv: ['sh', '-c', 'kill -KILL $$'] })) };
      expect((await buildOnHost({ ...limits, objtree, mutant: killed })).outcome).toMatchObject({ kind: 'infra', code: 'PROCESS_KILLED' });
    }));

  test('the clock', () =>
    withDirectory(async (objtree) => {
      const slow: Mutant = { name: 'slow', property: '', defect: '', needs: {}, apply: (plan) => plan.map((step) => ({ ...step, argv: ['sleep', '60'] })) };
      expect((await buildOnHost({ ...limits, objtree, mutant: slow, timeoutMs: 500 })).outcome).toEqual({ kind: 'timed-out', afterMs: 500 });
    }));

  test('whoever cancels it', () =>
    withDirectory(async (objtree) => {
      expect((await buildOnHost({ ...limits, objtree, signal: AbortSignal.abort() })).outcome).toEqual({ kind: 'cancelled' });
    }));
});
