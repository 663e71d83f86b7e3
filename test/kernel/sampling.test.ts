import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/kconfig/config.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { checkSpace } from '../../src/sampler/check-space.ts';
import { reportCoverage } from '../../src/sampler/coverage.ts';
import { findLost, formatRequests } from '../../src/sampler/requests.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { Encoding } from '../../src/space/encode.ts';
import { loadSpace, type LoadedSpace } from '../../src/space/load.ts';
import { listRequests, mentionedSymbols, valuesFor } from '../../src/space/requests.ts';
import { loadZ3, Solver } from '../../src/space/solver.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { openTree } from '../../src/tree/open.ts';
import { arches, type Toolchain, type Tree } from '../../src/tree/records.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { take } from '../sampler/tiny-space.ts';
import { compareModel } from '../space/models.ts';
import { Judge, type JudgeCase } from './parity-judge.ts';

/*
 * The sampling of Linux 7.3 against the evaluator and the kernel's own conf. KINFUZZ_CANDIDATES is how many candidates
 * are drawn for each architecture, one in ten of which conf resolves too.
 */
const drawn = Number(process.env['KINFUZZ_CANDIDATES'] ?? 60);
const models = Number(process.env['KINFUZZ_RUNS'] ?? 8);
const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: () => {}, signal };
const folder = mkdtempSync(join(tmpdir(), 'kinfuzz-sampling-'));
let tree: Tree;
let toolchain: Toolchain;
let loaded: LoadedSpace;
let sampler: Sampler;

beforeAll(async () => {
  ({ tree } = await openTree(setUp, 'debian:linux-source-7.3', ''));
  toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  loaded = await loadSpace('inline-helpers', 'corpus/spaces');
  sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, loaded.space, null);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['inline-helpers', 'quick', 'vmlinux'])('the space %s is one that the tree can give', async (name) => {
  const space = await loadSpace(name, 'corpus/spaces');
  const opened = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space.space, null);
  expect(() => checkSpace(opened, space)).not.toThrow();
});

describe.each(arches)('on %s', (arch) => {
  test('models of the cone are what the evaluator makes of their wishes', async () => {
    const { model } = sampler.drawer(arch).possibilities;
    const encoding = new Encoding(model, mentionedSymbols(loaded.space, arch));
    const solver = new Solver(await loadZ3(), encoding.cnf);
    for (let seed = 1; seed <= models; seed += 1) {
      solver.shuffle(seed);
      expect(solver.isPossible([])).toBe(true);
      expect(compareModel(encoding, solver, new Resolver(model))).toEqual([]);
    }
    solver.close();
  });

  test('candidates resolve as asked, and as conf resolves them', async () => {
    const resolver = new Resolver(sampler.drawer(arch).possibilities.model);
    const some = take(sampler.candidates(1, [arch]), drawn);
    const configs = some.map((candidate) => resolver.resolveText(formatRequests(candidate)).config);
    for (const [index, candidate] of some.entries()) {
      const config = parseConfig(configs[index] ?? '');
      expect(findLost(candidate.requested, config)).toEqual([]);
      expect(config['RUST_INLINE_HELPERS'] === 'y').toBe(candidate.choices['inline'] === 'on');
    }
    const certified = some.filter((_, index) => index % 10 === 0);
    const judged = await (await judgeOf()).run(certified.map((candidate) => askFor(formatRequests(candidate))));
    expect(judged.map(({ config }) => config)).toEqual(configs.filter((_, index) => index % 10 === 0));
    process.stdout.write(`${arch}: ${some.length} candidates, 0 dropped; ${certified.length} resolved by conf too; ${some.filter(({ choices }) => choices['inline'] === 'on').length} with inlining on\n`);
  });

  test('no possible value is rarer than a tenth of its weight', () => {
    const { space } = loaded;
    const choices = take(sampler.candidates(7, [arch]), 400).map((candidate) => candidate.choices);
    for (const [axis, values] of Object.entries(space.axes)) {
      const names = valuesFor(space, axis, arch);
      const total = names.reduce((sum, name) => sum + (values[name]?.weight ?? 0), 0);
      for (const name of names.filter((value) => sampler.drawer(arch).possibilities.isPossible({ [axis]: value }))) {
        const share = choices.filter((drawnOnes) => drawnOnes[axis] === name).length / choices.length;
        expect(share, `${axis}=${name}`).toBeGreaterThan((values[name]?.weight ?? 0) / total / 10);
      }
    }
  });

  test('conf too loses one of each impossible pair', async () => {
    const [report] = reportCoverage(sampler, 2, new Map(), [arch]);
    const pairs = report?.reasons.map(({ choices }) => listRequests(loaded.space, arch, choices).requests) ?? [];
    expect(pairs.length).toBeGreaterThan(0);
    const judged = await (await judgeOf()).run(pairs.map((requested) => askFor(formatRequests({ requested, wished: [], fill: [] }))));
    for (const [index, requested] of pairs.entries()) {
      const lost = findLost(requested, parseConfig(judged[index]?.config ?? ''));
      expect(lost, JSON.stringify(report?.reasons[index])).not.toEqual([]);
    }
    process.stdout.write(`${arch}: ${pairs.length} impossible pairs, each lost by conf\n`);
  });

  let judge: Promise<Judge> | null = null;
  function judgeOf(): Promise<Judge> {
    judge ??= Judge.build(tree, toolchain, arch, join(folder, arch), signal);
    return judge;
  }
});

function askFor(input: string): JudgeCase {
  return { name: '', option: '--olddefconfig', environment: {}, input };
}
