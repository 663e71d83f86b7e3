import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openJudge } from '../../src/campaign/certify-gates.ts';
import { runGates } from '../../src/campaign/gate.ts';
import { createJournal } from '../../src/engine/journal.ts';
import { loadModel } from '../../src/kconfig/load.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { noOverrides } from '../../src/kconfig/overrides.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { checkSpace } from '../../src/sampler/check-space.ts';
import { openSampler } from '../../src/sampler/sampler.ts';
import { type LoadedSpace, loadSpace, parseSpace } from '../../src/space/load.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import type { Toolchain, Tree } from '../../src/tree/records.ts';
import { UserError } from '../../src/util/errors.ts';
import { runKinfuzz } from '../support/command.ts';
import { embeddedTree, hostToolchain, withDirectory } from '../support/toolchain.ts';

const signal = new AbortController().signal;
const text = readFileSync('corpus/spaces/gating.yaml', 'utf8');
let toolchain: Toolchain;
let cache: string;
let loaded: LoadedSpace;
beforeAll(async () => {
  toolchain = await hostToolchain();
  cache = await mkdtemp(join(tmpdir(), 'kinfuzz-cache-'));
  loaded = await loadSpace('gating', 'corpus/spaces');
});

/** A run on a tree, with the host's own conf as judge. */
async function gate(tree: Tree, runs: number) {
  return withDirectory(async (directory) => {
    const sampler = await openSampler({ tree, toolchain, cache, signal }, loaded.space, null);
    checkSpace(sampler, loaded);
    const journal = await createJournal(join(directory, 'run'), { space: { name: 'gating', hash: loaded.space.hash, source: 'gating' }, tree: { spec: tree.spec, fingerprint: tree.fingerprint }, toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint }, runSeed: 1, cover: 0, arches: null, runs, passes: [] });
    try {
      return await runGates({ tree, toolchain, sampler, loaded, signal, z3: await loadZ3(), runSeed: 1, runs, arches: null, journal, judge: openJudge({ tree, toolchain, timeoutMs: 60_000, signal }), isTimeUp: () => false, onProof: () => {}, onJudged: () => {}, onVerdict: () => {} });
    } finally {
      journal.close();
      sampler.close();
    }
  });
}

/** The miniature tree with one thing changed. */
async function mutant(file: string, from: string, to: string): Promise<Tree> {
  const directory = await mkdtemp(join(tmpdir(), 'kinfuzz-mutant-'));
  cpSync(embeddedTree.directory, directory, { recursive: true });
  const before = readFileSync(join(directory, file), 'utf8');
  expect(before).toContain(from);
  writeFileSync(join(directory, file), before.replace(from, to));
  return { ...embeddedTree, directory, fingerprint: '1'.repeat(64) };
}

describe('the gating space', () => {
  test('holds on the miniature tree', async () => {
    const { findings, faults, proofs, counts } = await gate(embeddedTree, 1500);
    expect({ findings, faults, refuted: proofs.refuted }).toEqual({ findings: [], faults: [], refuted: 0 });
    expect(proofs.proven).toBeGreaterThan(150);
    expect(counts.um).toMatchObject({ open: 0, wrong: 0 });
    expect(counts.x86_64?.open).toBeGreaterThan(200);
  });

  test.each([
    ['lib/Kconfig.debug', '\tdepends on ARM64 || X86_64\n\tdepends on !UML\n', '\tdepends on ARM64 || X86_64\n', /can be y on um, though it needs arch/, true],
    ['lib/Kconfig.debug', '\tdepends on ARM64 || X86_64\n\tdepends on !UML\n', '\tdepends on !UML\n', /can be y on riscv, though it needs machine/, true],
    ['init/Kconfig', '\tdepends on !RANDSTRUCT\n', '\tdepends on !PREEMPT_RT\n', /RUST depends on !PREEMPT_RT \[=y\] \(init\/Kconfig:148\)/, true],
    ['init/Kconfig', 'default y if CC_IS_CLANG && RUSTC_LLVM', 'default y if RUSTC_LLVM', /rules out tools=rustc-older\|clang-older\|gcc/, false],
  ])('catches a change of %s, and has conf certify it: %s', async (file, from, to, summary, isCertified) => {
    const tree = await mutant(file, from, to);
    const { findings, faults } = await gate(tree, 600);
    expect(faults).toEqual([]);
    const finding = findings.find((found) => summary.test(found.summary));
    expect(finding, JSON.stringify(findings.map((found) => found.summary))).toMatchObject({ isCertified });
    expect(finding?.candidates).toBeGreaterThan(0);
  });

  test('refuses an answer to a command that the tree does not run', async () => {
    const wrong = parseSpace(text.replace('{ rustc-version.sh: 109500 }', '{ rustc-versoin.sh: 109500 }'), 'gating.yaml');
    const sampler = await openSampler({ tree: embeddedTree, toolchain, cache, signal }, wrong.space, ['arm64']);
    const line = text.slice(0, text.indexOf('rustc-1.95: {')).split('\n').length;
    let found: UserError | null = null;
    try {
      checkSpace(sampler, wrong);
    } catch (error) {
      found = error as UserError;
    }
    expect(found).toMatchObject({ code: 'SPACE_PROBE', place: { file: 'gating.yaml', line }, message: expect.stringContaining('rustc-versoin.sh') });
  });
});

test('answers that stand in for those of the tools leave what is known of the tools alone', async () => {
  const request = { tree: embeddedTree, toolchain, arch: 'x86_64' as const, cache, signal, output: new KeptOutput() };
  const read = ({ model }: Awaited<ReturnType<typeof loadModel>>) => ['RUSTC_LLVM_VERSION', 'RUSTC_LLVM_MAJOR_VERSION', 'RUSTC_CLANG_LLVM_COMPATIBLE'].map((name) => new Resolver(model).value(name));
  const before = await loadModel(request);
  const changed = await loadModel(request, { ...noOverrides, probes: { 'rustc-llvm-version.sh': '170006' } });
  expect(read(changed)).toEqual(['170006', '17', 'n']);
  expect([...changed.overridden]).toEqual(['rustc-llvm-version.sh']);
  const after = await loadModel(request);
  expect(after.probesRun).toBe(0);
  expect(read(after)).toEqual(read(before));
  expect(read(after).at(-1)).toBe('y');
  for (const [command, answer] of before.answers) expect(after.answers.get(command)).toEqual(answer);
  // Variables are seen by every command: what they say is kept elsewhere.
  const elsewhere = await loadModel(request, { ...noOverrides, environment: { CC: '/nowhere/clang', PAHOLE: 'true' } }).catch((error: unknown) => error);
  expect(String(elsewhere)).toContain("C compiler '/nowhere/clang' not found");
  expect(read(await loadModel(request))).toEqual(read(before));
});

describe('the command line', () => {
  test('judges without building, reports what is not so, and gives it again from its seed', async () => {
    await withDirectory(async (directory) => {
      const healthy = await runKinfuzz(['fuzz', '--space', 'gating', '--runs', '300', '--seed', '1', '--out', join(directory, 'a'), '--json']).done;
      expect(healthy, healthy.stderr).toMatchObject({ code: 0 });
      const run = JSON.parse(healthy.stdout) as Record<string, unknown>;
      expect(run).toMatchObject({ kind: 'run', findings: [], exitCode: 0, proofs: { refuted: 0 } });
      expect(JSON.parse(readFileSync(join(String(run['directory']), 'gates.json'), 'utf8'))).toEqual(run);

      const space = join(directory, 'wrong.yaml');
      writeFileSync(space, text.replace('needs: { expert: [on] }, reason', 'needs: { gcov: [off] }, reason'));
      const wrong = await runKinfuzz(['fuzz', '--space', space, '--runs', '300', '--seed', '1', '--out', join(directory, 'b')]).done;
      expect(wrong).toMatchObject({ code: 1 });
      expect(wrong.stdout).toMatch(/FAILED gating\/[0-9a-f]{8} \(\d+ candidates, .*\)\n {2}RUST_INLINE_HELPERS cannot be y on \w+, .*depends on EXPERT \[=n\] \(lib\/Kconfig\.debug:256\)/);
      const seed = /repro (kf2_\S+)/.exec(wrong.stdout)?.[1] ?? '';
      const again = await runKinfuzz(['repro', seed, '--space', space, '--json']).done;
      expect(again, again.stderr).toMatchObject({ code: 1 });
      expect(again.stderr).toContain('config: the same');
      const { failures } = JSON.parse(again.stdout) as { failures: { signature: string }[] };
      expect(wrong.stdout).toContain(`FAILED ${failures[0]?.signature}`);

      const resumed = await runKinfuzz(['fuzz', '--resume', String(run['directory'])]).done;
      expect(resumed).toMatchObject({ code: 2, stderr: expect.stringContaining('RUN_SHORT') });
      const covered = await runKinfuzz(['fuzz', '--space', 'gating', '--cover', '2']).done;
      expect(covered).toMatchObject({ code: 2, stderr: expect.stringContaining('COVER_CONFIG') });
    });
  });

  test('ends in time, and at once when it is stopped', async () => {
    await withDirectory(async (directory) => {
      const timed = await runKinfuzz(['fuzz', '--space', 'gating', '--time', '2s', '--out', directory]).done;
      expect(timed, timed.stderr).toMatchObject({ code: 0 });
      expect(timed.stdout).toMatch(/\d+ judged/);
      const { pid, done } = runKinfuzz(['fuzz', '--space', 'gating', '--time', '10m', '--out', directory]);
      await new Promise((resolve) => setTimeout(resolve, 12_000));
      process.kill(-pid, 'SIGINT');
      const { code, stdout } = await done;
      expect(code).toBe(130);
      expect(stdout).toMatch(/all are so/);
    });
  });
});
