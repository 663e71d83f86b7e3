import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import builds from '../../properties/builds.ts';
import objtoolClean from '../../properties/objtool-clean.ts';
import type { ArtifactReader } from '../../src/artifact/reader.ts';
import { buildKernel } from '../../src/pipeline/kbuild/run.ts';
import type { Build } from '../../src/pipeline/records.ts';
import { usualMounts } from '../../src/tree/records.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import { hostToolchain, withDirectory } from '../support/toolchain.ts';

/** Builds a "kernel" of one Makefile. Recipes are printed as kbuild prints them with V=1. */
async function buildMakefile(rules: readonly string[]): Promise<Build> {
  return withDirectory(async (directory) => {
    const source = join(directory, 'source');
    const objtree = join(directory, 'objtree');
    await Promise.all([mkdir(source), mkdir(objtree)]);
    await writeFile(join(source, 'Makefile'), rules.join('\n'));
    return buildKernel({
      tree: { kind: 'kernel', spec: source, directory: source, version: null, fingerprint: '0'.repeat(64) },
      toolchain: await hostToolchain(), arch: 'x86_64', config: '', objtree, mounts: usualMounts, targets: ['samples/rust/'], jobserver: null, timeoutMs: 60_000,
      signal: new AbortController().signal, mutant: null,
    });
  });
}

const phony = '.PHONY: samples/rust/ samples/rust/a.o samples/rust/b.o';
const fails = (name: string, error: string, wait = '') => [
  `samples/rust/${name}.o:`,
  `\t@echo '  rustc --emit=llvm-bc=samples/rust/${name}.bc /src/samples/rust/${name}.rs; llvm-link samples/rust/${name}.bc -o samples/rust/${name}.m.bc; clang -c samples/rust/${name}.m.bc -o samples/rust/${name}.o'`,
  `\t@${wait}echo '${error}' >&2; exit 1`,
];

describe('a kernel that does not build', () => {
  test('shows the command that complained, of the target that failed', async () => {
    const { outcome, diagnostics } = await buildMakefile([phony, 'samples/rust/: samples/rust/a.o', ...fails('a', 'llvm-link: error: samples/rust/a.bc is odd')]);
    expect(outcome).toMatchObject({
      kind: 'failed', target: 'samples/rust/a.o', summary: 'llvm-link: error: samples/rust/a.bc is odd',
      step: { tool: 'llvm-link', argv: ['llvm-link', 'samples/rust/a.bc', '-o', 'samples/rust/a.m.bc'] },
    });
    expect(diagnostics.map(({ tool, target }) => [tool, target])).toEqual([['llvm-link', 'samples/rust/a.o'], ['make', 'samples/rust/a.o']]);
  });

  test('shows what was tried for each target, and how far that went', async () => {
    const rules = (['a', 'b'] as const).flatMap((name) => fails(name, `clang: error: samples/rust/${name}.m.bc is odd`));
    const { steps } = await buildMakefile(['MAKEFLAGS += -k', phony, 'samples/rust/: samples/rust/a.o samples/rust/b.o', ...rules]);
    expect(steps.map(({ index, target, role, exit }) => [index, target, role, exit])).toEqual([
      [0, 'samples/rust/a.o', 'crate', 0], [1, 'samples/rust/a.o', 'link', 0], [2, 'samples/rust/a.o', 'codegen', 1],
      [3, 'samples/rust/b.o', 'crate', 0], [4, 'samples/rust/b.o', 'link', 0], [5, 'samples/rust/b.o', 'codegen', 1],
    ]);
  });

  test('of an object that objtool refuses, says one thing', async () => {
    const line = 'rustc --emit=obj=samples/rust/a.o /src/samples/rust/a.rs ; ./tools/objtool/objtool --werror samples/rust/a.o';
    const said = 'samples/rust/a.o: error: objtool: init_module+0x12: unreachable instruction';
    const build = await buildMakefile([phony, 'samples/rust/: samples/rust/a.o', 'samples/rust/a.o:', `\t@echo '  ${line}'`, `\t@echo '${said}' >&2; exit 1`]);
    const subject = { build, artifacts: {} as ArtifactReader };
    expect((await builds.judge(subject)).result).toBe('not-applicable');
    expect(await objtoolClean.judge(subject)).toMatchObject({ result: 'failed', failures: [{ key: ['unreachable instruction', 'init_module'] }] });
  });

  test('has the same signatures whichever of two jobs is first', async () => {
    const signatures = async (slow: 'a' | 'b') => {
      const rules = (['a', 'b'] as const).flatMap((name) => fails(name, `error[E0425]: cannot find ${name}`, name === slow ? 'sleep 0.3; ' : ''));
      const build = await buildMakefile(['MAKEFLAGS += -j2', phony, 'samples/rust/: samples/rust/a.o samples/rust/b.o', ...rules]);
      const judgement = await builds.judge({ build, artifacts: {} as ArtifactReader });
      return decideJudgements([{ property: 'builds', judgement }]).failures.map(({ signature }) => signature);
    };
    const [first, second] = [await signatures('a'), await signatures('b')];
    expect(first).toHaveLength(2);
    expect(second.toSorted()).toEqual(first.toSorted());
  });
});

test('a .cmd file that tells no command leaves the build unjudged', async () => {
  const { outcome } = await buildMakefile([phony, 'samples/rust/:', '\tmkdir -p $(O)/samples/rust && echo nothing > $(O)/samples/rust/.x.o.cmd']);
  expect(outcome).toEqual({ kind: 'infra', code: 'CMD_UNREADABLE', message: 'samples/rust/.x.o.cmd: no savedcmd_ line' });
});
