import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { planReplays, Remembering } from '../../src/campaign/remember.ts';
import { runCampaign } from '../../src/campaign/run.ts';
import { type Case, loadCases } from '../../src/corpus/cases.ts';
import { loadPassing } from '../../src/corpus/passing.ts';
import { updateCases } from '../../src/corpus/store.ts';
import { checkCandidate } from '../../src/engine/check.ts';
import { createJournal, type Journal, openJournal } from '../../src/engine/journal.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import type { Mutant } from '../../src/pipeline/records.ts';
import { loadProperties } from '../../src/property/runner.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { loadSpace } from '../../src/space/load.ts';
import type { Space } from '../../src/space/schema.ts';
import type { SetUp } from '../../src/tree/cache.ts';
import { openTree, type OpenTree } from '../../src/tree/open.ts';
import type { Toolchain } from '../../src/tree/records.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { embeddedTree, hostToolchain } from '../support/toolchain.ts';

const place = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const properties = await loadProperties(place('properties'));
const mutant = (await loadMutants(place('properties/mutants'))).find(({ name }) => name === 'no-internalize') as Mutant;
const home = mkdtempSync(join(tmpdir(), 'kinfuzz-remember-'));
const corpus = join(home, 'corpus');
const signal = new AbortController().signal;
const setUp: SetUp = { cache: home, mayInstall: false, mirror: null, say: () => {}, signal };

let open: OpenTree;
let toolchain: Toolchain;
let space: Space;
let sampler: Sampler;

beforeAll(async () => {
  open = await openTree(setUp, 'embedded', embeddedTree.directory);
  toolchain = await hostToolchain();
  ({ space } = await loadSpace('inline-helpers', 'corpus/spaces'));
  sampler = await openSampler({ tree: open.tree, toolchain, cache: home, signal }, space, ['x86_64']);
});

type Wanted = { runs: number; defect: Mutant | null; stopAfter?: number };
let started = 0;

/** A run as `fuzz --corpus` makes it, in this process, so that a pipeline can be broken; `stopAfter` verdicts it is killed. */
async function run({ runs, defect, stopAfter }: Wanted, resumed?: string) {
  const cases = await loadCases(corpus);
  const meta = {
    space: { name: space.space, hash: space.hash, source: space.space }, tree: { spec: 'embedded', fingerprint: open.tree.fingerprint }, toolchain: { kind: 'host', fingerprint: toolchain.fingerprint },
    runSeed: 5, cover: 0 as const, arches: ['x86_64'], runs, passes: [],
    corpus: { directory: corpus, replays: planReplays(cases, new Map([[space.space, space]]), properties, (name) => `corpus/cases/${name}.yaml`) },
  };
  const journal: Journal = resumed === undefined ? await createJournal(join(home, `run-${(started += 1)}`), meta) : openJournal(resumed);
  const { replays } = journal.meta.corpus ?? { replays: [] };
  const remembering = new Remembering({ directory: corpus, replays, spaceName: space.space, space, properties, tree: open.tree, toolchain, cache: home, signal });
  const checked: number[] = [];
  const kill = new AbortController();
  const verdicts = await runCampaign({
    open, toolchain, sampler, runSeed: 5, cover: 0, runs, arches: ['x86_64'], work: join(home, 'work'), timeoutMs: 120_000, keep: false, cache: home, certifyEvery: 1000, passes: [], known: [], journal,
    replays: replays.map((replay) => ({ replay, space })), remember: (one) => remembering.add(one),
    engine: { size: 1, check: (task, onStage) => checkCandidate(task, { properties, signal, onStage, ...(defect ? { mutant: defect } : {}) }), stop: () => {}, close: async () => {} },
    jobserver: null, isTimeUp: () => false, isKnown: () => false, signal: kill.signal, onStage: () => {},
    keepFindings: () => Promise.resolve(),
    onVerdict: ({ index }) => {
      checked.push(index);
      if (checked.length === stopAfter) kill.abort();
    },
  });
  await remembering.keepPassing();
  const outcomes = await remembering.outcomes(verdicts);
  journal.close();
  return { directory: journal.directory, verdicts, checked, outcomes: outcomes.map(({ one, outcome }) => [one.name, outcome.kind]) };
}

const signaturesOf = (verdicts: readonly Verdict[]) => [...new Set(verdicts.flatMap(({ failures }) => failures.map(({ signature }) => signature)))].sort();
const drawn = (verdicts: readonly Verdict[]) => verdicts.filter(({ index }) => index >= 0).map(({ seed, verdict, config }) => [seed, verdict, config]);

describe('a corpus over the nights', { timeout: 15 * 60_000 }, () => {
  let cases: Case[];
  let first: Awaited<ReturnType<typeof run>>;

  test('takes in what a run finds, one case a signature and architecture', async () => {
    first = await run({ runs: 2, defect: mutant });
    cases = await loadCases(corpus);
    expect(first.verdicts.map(({ verdict }) => verdict)).toContain('failed');
    expect(cases.map(({ signature }) => signature).sort()).toEqual(signaturesOf(first.verdicts));
    for (const one of cases) expect(one).toMatchObject({ state: 'open', arch: 'x86_64', space: 'inline-helpers', gone: [], seen: [{ tree: 'embedded', fingerprint: open.tree.fingerprint.slice(0, 8), toolchain: 'host', seed: expect.stringMatching(/^kf2_/) }] });
    expect(cases[0]?.assignments).toContain('CONFIG_RUST_INLINE_HELPERS=y\n');
  });

  test('is replayed first, and what is still there makes no second case', async () => {
    const again = await run({ runs: 1, defect: mutant });
    expect(again.checked.slice(0, cases.length)).toEqual(cases.map((_, at) => at - cases.length));
    expect(again.outcomes).toEqual(cases.map(({ name }) => [name, 'still-there']));
    expect(drawn(again.verdicts)).toEqual(drawn(first.verdicts).slice(0, 1));
    expect(await loadCases(corpus)).toEqual(cases);
  });

  test('says what is gone, and keeps what passed for the first time', async () => {
    const healthy = await run({ runs: 1, defect: null });
    expect(healthy.verdicts.every(({ verdict }) => verdict === 'passed')).toBe(true);
    expect(healthy.outcomes).toEqual(cases.map(({ name }) => [name, 'gone']));
    for (const one of await loadCases(corpus)) expect(one).toMatchObject({ state: 'open', seen: [], gone: [{ tree: 'embedded' }] });
    const kept = await loadPassing(corpus);
    expect(kept.map(({ choices }) => choices)).toEqual(healthy.verdicts.filter(({ index }) => index >= 0).map(({ choices }) => choices));
  });

  test('says which symbols a tree has no more, and what stands against the others', async () => {
    const [one] = cases as [Case];
    await updateCases(corpus, () => [{ ...one, name: 'strange', assignments: `${one.assignments}CONFIG_NO_SUCH_THING=y\n` }]);
    const kept = await loadPassing(corpus);
    const { outcomes } = await run({ runs: 1, defect: null });
    expect(outcomes).toEqual([['strange', 'unreachable']]);
    expect(await loadCases(corpus)).toMatchObject([{ gone: [] }]);
    expect(await loadPassing(corpus)).toEqual(kept);
  });

  test('a run that is stopped goes on without a verdict twice, though the corpus is another by then', async () => {
    await updateCases(corpus, () => cases);
    const stopped = await run({ runs: 1, defect: mutant, stopAfter: 1 });
    expect(stopped.checked).toEqual([-cases.length]);
    await updateCases(corpus, () => []);
    const rest = await run({ runs: 1, defect: mutant }, stopped.directory);
    const all = [...cases.map((_, at) => at - cases.length), ...first.verdicts.slice(0, 1).map(({ index }) => index)];
    expect([...stopped.checked, ...rest.checked]).toEqual(all);
    expect(rest.verdicts.map(({ index }) => index)).toEqual(all);
    expect(drawn(rest.verdicts)).toEqual(drawn(first.verdicts).slice(0, 1));
  });
});
