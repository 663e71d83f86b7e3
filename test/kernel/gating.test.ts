import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Judge, openJudge } from '../../src/campaign/certify-gates.ts';
import { runGates } from '../../src/campaign/gate.ts';
import { createJournal } from '../../src/engine/journal.ts';
import { loadModel } from '../../src/kconfig/load.ts';
import { checkSpace } from '../../src/sampler/check-space.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { type LoadedSpace, loadSpace, parseSpace } from '../../src/space/load.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { openTree } from '../../src/tree/open.ts';
import { type Arch, arches, type Toolchain, type Tree } from '../../src/tree/records.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import type { GateReport } from '../../src/verdict/records.ts';
import { freshJudge } from '../campaign/tiny-gates.ts';

const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: () => {}, signal };
let tree: Tree;
let toolchain: Toolchain;
let loaded: LoadedSpace;

beforeAll(async () => {
  ({ tree } = await openTree(setUp, 'debian:linux-source-7.3', ''));
  toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  loaded = await loadSpace('gating', 'corpus/spaces');
});

/** Judges one architecture's candidates, and proves all claims about it. */
async function gate(sampler: Sampler, space: LoadedSpace, arch: Arch, runs: number, judge: Judge): Promise<GateReport> {
  const directory = await mkdtemp(join(tmpdir(), 'kinfuzz-gating-'));
  const meta = { space: { name: 'gating', hash: space.space.hash, source: 'gating' }, tree: { spec: tree.spec, fingerprint: tree.fingerprint }, toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint }, runSeed: 1, cover: 0 as const, arches: [arch], runs, passes: [] };
  const journal = await createJournal(join(directory, 'run'), meta);
  try {
    return await runGates({ tree, toolchain, sampler, loaded: space, judge, signal, z3: await loadZ3(), runSeed: 1, runs, arches: [arch], journal, isTimeUp: () => false, onProof: () => {}, onJudged: () => {}, onVerdict: () => {} });
  } finally {
    journal.close();
    await rm(directory, { recursive: true, force: true });
  }
}

describe('Linux 7.3', () => {
  let sampler: Sampler;
  beforeAll(async () => {
    sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, loaded.space, null);
    checkSpace(sampler, loaded);
  });
  afterAll(() => sampler.close());

  test.each(arches)('has the option exactly where the space says, on %s', async (arch) => {
    const { findings, faults, proofs, counts } = await gate(sampler, loaded, arch, 500, openJudge({ tree, toolchain, timeoutMs: 300_000, signal }));
    expect({ findings, faults }).toEqual({ findings: [], faults: [] });
    expect(proofs).toMatchObject({ refuted: 0, idle: 0 });
    expect(proofs.proven).toBeGreaterThanOrEqual(arch === 'um' ? 1 : 90);
    const { open = 0, shut = 0 } = counts[arch] ?? {};
    expect(open + shut).toBe(500);
    if (arch === 'um') expect(open).toBe(0);
    else expect(open).toBeGreaterThan(100);
  });
});

/** What stands in the tree, changed in memory only. */
const option = '\tdepends on ARM64 || X86_64\n\tdepends on !UML\n';
const mutants: [file: string, from: string, to: string, arch: Arch, summary: RegExp, at: string][] = [
  ['lib/Kconfig.debug', option, '\tdepends on ARM64 || X86_64\n', 'um', /can be y on um, though it needs arch/, 'config RUST_INLINE_HELPERS'],
  ['lib/Kconfig.debug', `\tdepends on EXPERT\n${option}`, option, 'x86_64', /can be y on x86_64, though it needs expert/, 'config RUST_INLINE_HELPERS'],
  ['lib/Kconfig.debug', option, '\tdepends on !UML\n', 'x86_64', /can be y on riscv, though it needs machine/, 'config RUST_INLINE_HELPERS'],
  ['lib/Kconfig.debug', option, `${option}\tdepends on !KASAN\n`, 'arm64', /RUST_INLINE_HELPERS depends on !KASAN \[=y\]/, '\tdepends on !KASAN\n'],
  ['init/Kconfig', '\tdepends on !RANDSTRUCT\n', '\tdepends on !PREEMPT_RT\n', 'arm64', /RUST depends on !PREEMPT_RT \[=y\]/, '\tdepends on !PREEMPT_RT\n'],
];

describe('Linux 7.3, changed', () => {
  test.each(mutants)('in %s, is caught: %j becomes %j', async (file, from, to, arch, summary, at) => {
    const before = readFileSync(join(tree.directory, file), 'latin1');
    expect(before.split(from)).toHaveLength(2);
    const after = before.replace(from, to);
    const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, loaded.space, [arch], (request, overrides) => loadModel(request, { ...overrides, files: { [file]: after } }));
    try {
      // conf reads the tree as it is on disk: a fresh evaluator stands for it.
      const { findings, faults } = await gate(sampler, loaded, arch, 500, freshJudge(sampler));
      expect(faults).toEqual([]);
      const finding = findings.find((found) => summary.test(found.summary));
      expect(finding?.candidates, JSON.stringify(findings.map((found) => found.summary))).toBeGreaterThan(0);
      const line = after.slice(0, after.indexOf(at, at.startsWith('\t') ? before.indexOf(from) : 0)).split('\n').length;
      expect(finding?.evidence.map(({ text }) => text).join('\n')).toContain(`${file}:${line}: `);
    } finally {
      sampler.close();
    }
  });
});

test('what a wrong space finds is certified by the kernel\'s own conf', async () => {
  const text = readFileSync('corpus/spaces/gating.yaml', 'utf8');
  const wrong = parseSpace(text.replace('needs: { expert: [on] }, reason', 'needs: { gcov: [off] }, reason'), 'gating.yaml');
  const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, wrong.space, ['arm64']);
  try {
    const { findings, faults } = await gate(sampler, wrong, 'arm64', 100, openJudge({ tree, toolchain, timeoutMs: 300_000, signal }));
    expect(faults).toEqual([]);
    expect(findings.map(({ summary, isCertified, arches: seen }) => ({ summary, isCertified, seen })).sort((one, other) => (one.summary < other.summary ? -1 : 1))).toEqual([
      { summary: expect.stringMatching(/can be y on arm64, though it needs gcov=off/), isCertified: true, seen: ['arm64'] },
      { summary: expect.stringMatching(/cannot be y on arm64, .*depends on EXPERT \[=n\] \(lib\/Kconfig\.debug:3641\)/), isCertified: true, seen: ['arm64'] },
    ]);
  } finally {
    sampler.close();
  }
});
