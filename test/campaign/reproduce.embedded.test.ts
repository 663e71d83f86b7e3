import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { candidateOf, drawRandom, pinsFor, replay, type Replayed, type ReplayPlace } from '../../src/campaign/reproduce.ts';
import { parseConfig } from '../../src/kconfig/config.ts';
import { parseProbabilities, type Probabilities } from '../../src/kconfig/probability.ts';
import type { Mutant } from '../../src/pipeline/records.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { loadProperties } from '../../src/property/runner.ts';
import { loadSpace } from '../../src/space/load.ts';
import type { Expected } from '../../src/verdict/compare.ts';
import { embeddedTree, hostToolchain } from '../support/toolchain.ts';

const properties = (await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)))).filter(({ needs }) => needs === undefined);
const mutants = await loadMutants(fileURLToPath(new URL('../../properties/mutants', import.meta.url)));
const mutantOf = (name: string) => mutants.find((mutant) => mutant.name === name) as Mutant;
const given = { SAMPLES: 'y', SAMPLES_RUST: 'y', SAMPLE_RUST_MINIMAL: 'm', LTO_CLANG_FULL: 'y' };

let place: ReplayPlace;
let assignments: Record<string, string>;

beforeAll(async () => {
  const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
  const home = mkdtempSync(join(tmpdir(), 'kinfuzz-replay-'));
  place = { tree: embeddedTree, toolchain: await hostToolchain(), space, cache: home, timeoutMs: 120_000, signal: new AbortController().signal };
  assignments = { ...pinsFor(space, 'x86_64'), ...given };
});

type Question = { config?: Record<string, string>; needed?: Record<string, string>; expected?: Expected | null; before?: Record<string, string> | null; mutant?: string };

function ask({ config = assignments, needed = {}, expected = null, before = null, mutant }: Question): Promise<Replayed> {
  const work = mkdtempSync(join(tmpdir(), 'kinfuzz-replay-work-'));
  const means = { work, jobserver: null, keep: false, passes: [], properties, onStage: () => {}, onlyResolve: false, ...(mutant === undefined ? {} : { mutant: mutantOf(mutant) }) };
  const asked = Object.entries(needed).map(([symbol, value]) => ({ symbol, value, from: 'given' }));
  return replay(place, { candidate: candidateOf('x86_64', config), needed: asked, expected, before, beforeHash: null }, means);
}

describe('a defect with LTO', () => {
  let first: Replayed;
  let expected: Expected;
  let whole: Record<string, string>;

  beforeAll(async () => {
    first = await ask({ mutant: 'lto-lost-in-c' });
    expected = { signatures: first.verdict?.failures.map(({ signature }) => signature) ?? [], from: 'before' };
    whole = parseConfig(first.config.text ?? '');
  });

  test('fails, where nothing is known of before', () => {
    expect(first).toMatchObject({ outcome: 'fails', config: { isSame: null }, verdict: { failures: [{ property: 'lto-stays-out' }], resolution: 'certified' } });
  });

  test('is the same from the whole configuration that came of it', async () => {
    expect(await ask({ config: whole, before: whole, expected, mutant: 'lto-lost-in-c' })).toMatchObject({ outcome: 'same', config: { isSame: true, changed: [], lost: [], hash: first.config.hash } });
  });

  test('is the same failure with another configuration, and which symbols differ is told', async () => {
    const { outcome, config } = await ask({ config: { ...whole, SAMPLE_RUST_PRINT: 'y' }, before: whole, expected, mutant: 'lto-lost-in-c' });
    expect(outcome).toBe('same-failure-other-config');
    expect(config.changed).toContainEqual({ symbol: 'SAMPLE_RUST_PRINT', before: 'n', now: 'y' });
  });

  test('passes now where it is mended', async () => {
    expect(await ask({ before: whole, expected })).toMatchObject({ outcome: 'passes-now', config: { isSame: true } });
  });

  test('is another failure where another defect is', async () => {
    expect(await ask({ before: whole, expected, mutant: 'no-internalize' })).toMatchObject({ outcome: 'another-failure' });
  });
});

describe('what cannot be built here says which line forbids it', () => {
  test('an option that is gone, and one that is refused', async () => {
    const needed = { NO_SUCH_OPTION: 'y', DEBUG_INFO_BTF: 'y' };
    const { outcome, reasons, verdict } = await ask({ config: { ...assignments, DEBUG_INFO_DWARF5: 'y', ...needed }, needed });
    expect({ outcome, verdict }).toEqual({ outcome: 'cannot-be-built', verdict: null });
    expect(reasons).toEqual([
      expect.stringMatching(/^NO_SUCH_OPTION=y became n: no Kconfig file/),
      expect.stringMatching(/^DEBUG_INFO_BTF=y became n: depends on .*\((?:lib|init)\/Kconfig[.\w]*:\d+\)/),
    ]);
  });

  test('a configuration without Rust', async () => {
    expect(await ask({ config: { ...assignments, RUST: 'n' } })).toMatchObject({ outcome: 'cannot-be-built', reasons: [expect.stringContaining('RUST is off')] });
  });
});

test('randconfig draws what conf draws', async () => {
  const probabilities = parseProbabilities(undefined) as Probabilities;
  for (const arch of ['x86_64', 'arm64', 'um'] as const) {
    for (const kconfigSeed of [0xbeef, 2 ** 32 - 1]) {
      const { config, isCertified } = await drawRandom(place, arch, { kconfigSeed, probabilities }, mkdtempSync(join(tmpdir(), 'kinfuzz-random-')));
      expect(config).toContain('Automatically generated file');
      expect({ arch, kconfigSeed, isCertified }).toEqual({ arch, kconfigSeed, isCertified: true });
    }
  }
});
