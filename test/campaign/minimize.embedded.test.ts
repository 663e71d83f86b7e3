import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Minimization, type Minimized, minimizeFinding } from '../../src/campaign/minimize.ts';
import { minimizeRun } from '../../src/campaign/minimize-run.ts';
import { openTrials } from '../../src/campaign/trials.ts';
import type { Mutant } from '../../src/pipeline/records.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties } from '../../src/property/runner.ts';
import { loadSpace } from '../../src/space/load.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import { runKinfuzz } from '../support/command.ts';
import { buildWithPasses } from '../support/passes.ts';
import { embeddedTree, hostToolchain, resolveEmbedded, withDirectory } from '../support/toolchain.ts';
import { makeVerdict } from '../support/verdict.ts';

const properties = await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)));
const mutants = await loadMutants(fileURLToPath(new URL('../../properties/mutants', import.meta.url)));
const mutantOf = (name: string) => mutants.find((mutant) => mutant.name === name) as Mutant;

const failing = `CONFIG_64BIT=y
CONFIG_EXPERT=y
CONFIG_DEBUG_KERNEL=y
CONFIG_MODULES=y
CONFIG_RUST=y
CONFIG_RUST_INLINE_HELPERS=y
CONFIG_BLOCK=y
CONFIG_BLK_DEV=y
CONFIG_SAMPLES=y
CONFIG_SAMPLES_RUST=y
CONFIG_SAMPLE_RUST_MINIMAL=m
CONFIG_SAMPLE_RUST_PRINT=y
CONFIG_LTO_CLANG_FULL=y
CONFIG_DEBUG_INFO_DWARF5=y
CONFIG_RUST_DEBUG_ASSERTIONS=y
CONFIG_CC_OPTIMIZE_FOR_SIZE=y
`;

let plan: Omit<Minimization, 'store'>;
const said: string[] = [];

beforeAll(async () => {
  const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
  const home = mkdtempSync(join(tmpdir(), 'kinfuzz-minimize-'));
  plan = {
    tree: embeddedTree, toolchain: await hostToolchain(), space, arch: 'x86_64', failing, property: null, properties: properties.filter(({ needs }) => needs === undefined), passes: [], passing: [],
    work: join(home, 'work'), jobserver: null, cache: home, timeoutMs: 120_000, width: 1, signal: new AbortController().signal,
    say: (line) => said.push(line), onProgress: () => {},
  };
});

const directory = () => mkdtempSync(join(tmpdir(), 'kinfuzz-minimize-'));

describe('a defect that shows with LTO only', () => {
  const place = directory();
  let result: Minimized;

  beforeAll(async () => {
    result = await minimizeFinding({ ...plan, store: await openTrials(place), mutant: mutantOf('lto-lost-in-c') });
  });

  test('is led back to the one assignment', () => {
    expect(result).toMatchObject({
      kind: 'minimized', failure: { property: 'lto-stays-out' }, isMinimal: true, isConfirmed: true,
      causes: [{ symbol: 'LTO_CLANG_FULL', value: 'y', base: 'n', without: 'passes', place: expect.stringMatching(/^arch\/Kconfig:\d+$/) }],
    });
  });

  test('leaves a fragment, its passing neighbour and the explanation', () => {
    expect(readFileSync(join(place, 'fragment.config'), 'utf8')).toMatch(/^CONFIG_EXPERT=y\n[^]*CONFIG_RUST_INLINE_HELPERS=y\nCONFIG_LTO_CLANG_FULL=y\n$/);
    expect(readFileSync(join(place, 'failing.config'), 'utf8')).toContain('CONFIG_LTO_CLANG_FULL=y\n');
    expect(readFileSync(join(place, 'passing.config'), 'utf8')).toContain('# CONFIG_LTO_CLANG_FULL is not set\n');
    expect(readFileSync(join(place, 'explain.txt'), 'utf8')).toContain('LTO_CLANG_FULL = y');
  });

  test('is told again from what is kept, with no trial made twice', async () => {
    const lines = readFileSync(join(place, 'trials.jsonl'), 'utf8');
    const again = await minimizeFinding({ ...plan, store: await openTrials(place), mutant: mutantOf('lto-lost-in-c') });
    expect(again).toEqual(result);
    expect(readFileSync(join(place, 'trials.jsonl'), 'utf8')).toBe(lines);
  });
});

test('another failure that is met is kept, with what showed it', async () => {
  const [lto, debug] = [mutantOf('lto-lost-in-c'), mutantOf('helpers-with-debug-info')];
  const both: Mutant = { ...lto, name: 'both', apply: (built) => debug.apply(lto.apply(built)) };
  const place = directory();
  const result = await minimizeFinding({ ...plan, property: 'lto-stays-out', store: await openTrials(place), mutant: both });
  expect(result).toMatchObject({ kind: 'minimized', causes: [{ symbol: 'LTO_CLANG_FULL' }], others: [{ property: 'no-helper-debug-info' }] });
  const [other] = result.kind === 'minimized' ? result.others : [];
  const found = await minimizeFinding({ ...plan, failing: readFileSync(other?.file ?? '', 'utf8'), property: other?.signature ?? '', store: await openTrials(directory()), mutant: both });
  expect(found).toMatchObject({ kind: 'minimized', failure: { signature: other?.signature }, causes: [{ symbol: 'RUST_INLINE_HELPERS' }] });
}, 300_000);

test('a defect of every configuration is led back to the option itself', async () => {
  const result = await minimizeFinding({ ...plan, failing: failing.replace('CONFIG_LTO_CLANG_FULL=y\n', ''), store: await openTrials(directory()), mutant: mutantOf('no-internalize') });
  expect(result).toMatchObject({ kind: 'minimized', failure: { property: 'helpers-internal' }, isMinimal: true, causes: [{ symbol: 'RUST_INLINE_HELPERS', value: 'y', base: 'n', without: 'passes' }] });
});

describe('the failures of a run', () => {
  const out = directory();
  const mutant = mutantOf('lto-lost-in-c');
  const config = `${failing}CONFIG_FTRACE=y\n`;
  const failures = [{ property: 'lto-stays-out', signature: '', summary: '', evidence: [] }];
  const journal = (signature: string) => ({
    verdicts: () => [makeVerdict({ index: 0, arch: 'x86_64' }), makeVerdict({ index: 1, arch: 'x86_64', verdict: 'failed', config: 'failing', failures: failures.map((failure) => ({ ...failure, signature })) })],
    config: (hash: string) => (hash === 'failing' ? config : null),
  });
  const searches = async (signature: string, signal = plan.signal) => {
    const { arch: _, space, failing: _text, passing: _passing, passes: _passes, ...run } = plan;
    const found = [];
    for await (const search of minimizeRun({ ...run, originOf: ({ seed }) => ({ space, what: seed }), signal, out, mutant }, journal(signature))) found.push(search);
    return found;
  };

  test('are each led back to their cause, once', async () => {
    const { failures: [failure] } = decideJudgements(await judge(config, mutant));
    const signature = failure?.signature ?? '';
    const stopped = await searches(signature, AbortSignal.abort());
    expect(stopped).toEqual([{ signature, seed: 'kf2_seed', passes: [], finding: null }]);
    const found = await searches(signature);
    expect(found).toMatchObject([{ signature, finding: { kind: 'minimized', isMinimal: true, isConfirmed: true, causes: [{ symbol: 'LTO_CLANG_FULL' }] } }]);
    expect(await searches(signature, AbortSignal.abort())).toEqual(found);
  });
});

async function judge(text: string, mutant: Mutant) {
  const config = await resolveEmbedded('x86_64', text);
  return withDirectory(async (place) => judgeBuild(plan.properties, await buildWithPasses(place, { arch: 'x86_64', config, mutant }, [])));
}

test('what does not fail is told to pass', async () => {
  expect(await minimizeFinding({ ...plan, store: await openTrials(directory()) })).toEqual({ kind: 'passes' });
});

test('a time limit decides nothing', async () => {
  await expect(minimizeFinding({ ...plan, store: await openTrials(directory()), timeoutMs: 50, mutant: mutantOf('no-internalize') })).rejects.toMatchObject({ name: 'InfraError', code: 'TIME_LIMIT' });
});

describe('the command', () => {
  const place = directory();
  const file = join(place, 'failing.config');

  test('says of a .config that passes that there is nothing to minimize', async () => {
    writeFileSync(file, failing);
    const { code, stdout, stderr } = await runKinfuzz(['minimize', file, '--arch', 'x86_64', '--jobs', '1', '--out', place]).done;
    expect(stderr).not.toContain('unexpected');
    expect(stdout).toBe('passed: there is nothing to minimize\n');
    expect(code).toBe(0);
  });

  test('goes on from what it has tried', async () => {
    const { code, stdout, stderr } = await runKinfuzz(['minimize', file, '--arch', 'x86_64', '--jobs', '1', '--out', place, '--json']).done;
    expect(stderr).toContain('goes on after 1 trials');
    expect(JSON.parse(stdout)).toEqual({ kind: 'passes' });
    expect(code).toBe(0);
  });
});

describe('between two given configurations', () => {
  const good = failing.replace('CONFIG_LTO_CLANG_FULL=y\n', '').replace('CONFIG_BLOCK=y\n', '');

  test('what makes the difference is found on top of the good one', async () => {
    const result = await minimizeFinding({ ...plan, good: { name: 'good.config', config: good }, store: await openTrials(directory()), mutant: mutantOf('lto-lost-in-c') });
    expect(result).toMatchObject({ kind: 'minimized', good: 'good.config', failure: { property: 'lto-stays-out' }, isMinimal: true, isConfirmed: true, causes: [{ symbol: 'LTO_CLANG_FULL', value: 'y' }] });
  });

  test('a good one that fails as well is refused', async () => {
    const store = await openTrials(directory());
    await expect(minimizeFinding({ ...plan, good: { name: 'good.config', config: failing.replace('CONFIG_BLOCK=y\n', '') }, store, mutant: mutantOf('lto-lost-in-c') })).rejects.toMatchObject({ code: 'GOOD_FAILS', place: { file: 'good.config' } });
  });
});
