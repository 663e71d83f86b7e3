import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/kconfig/config.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { candidates } from '../../src/sampler/arbitrary.ts';
import { findLost, formatRequests } from '../../src/sampler/requests.ts';
import type { Candidate } from '../../src/sampler/records.ts';
import { drawArch } from '../../src/sampler/arch.ts';
import type { Sampler } from '../../src/sampler/sampler.ts';
import { valuesFor } from '../../src/space/requests.ts';
import type { Arch } from '../../src/tree/records.ts';
import { take, tinySampler, tinySpace } from './tiny-space.ts';

let sampler: Sampler;
beforeAll(async () => {
  ({ sampler } = await tinySampler());
});
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const anyIndex = fc.integer({ min: 0, max: 5000 });

/** What a whole, fresh evaluation loses of a candidate's requests. */
function lostIn(candidate: Candidate) {
  const { config } = new Resolver(sampler.drawer(candidate.arch).possibilities.model).resolveText(formatRequests(candidate));
  return findLost(candidate.requested, parseConfig(config));
}

describe('candidates', () => {
  test('of seed 42 are pinned', () => {
    const lines = Array.from({ length: 50 }, (_, index) => sampler.candidate(42, index)).map(({ arch, choices, fill }) => `${arch} ${Object.values(choices).join(' ')} ${fill.map(({ symbol, value }) => `${symbol}=${value}`).join(',')}`);
    expect(lines).toMatchSnapshot();
  });

  test('are functions of seed and index alone', async () => {
    const { sampler: fresh } = await tinySampler();
    fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
      expect(fresh.candidate(seed, index)).toEqual(sampler.candidate(seed, index));
    }), { numRuns: 60 });
  });

  test('are the same in any order, each by a sampler of its own', async () => {
    // SELECTS selects NEEDY against its dependency on BASE: with or without earlier answers, that is no way.
    const kconfig = 'config BASE\n\tbool "base"\nconfig NEEDY\n\tbool "needy"\n\tdepends on BASE\nconfig SELECTS\n\tbool "selects"\n\tselect NEEDY\nconfig P\n\tbool "p"\n';
    const space = 'space: order\ndescription: x\ntargets: []\narches: { x86_64: { weight: 1 } }\naxes:\n  x: { y: { set: { SELECTS: y } }, n: { set: { SELECTS: n } } }\n  z: { y: { set: { BASE: y } }, n: { set: { BASE: n } } }\n  y: { y: { set: { NEEDY: y } }, open: { set: {} } }\n  p: { y: { set: { P: y } }, n: { set: { P: n } } }\n';
    const { sampler: sequential } = await tinySampler(space, kconfig);
    const drawn = Array.from({ length: 40 }, (_, index) => sequential.candidate(1, index));
    for (const candidate of drawn.toReversed()) {
      const { sampler: fresh } = await tinySampler(space, kconfig);
      expect(fresh.candidate(1, candidate.index)).toEqual(candidate);
      fresh.close();
      expect(candidate.choices).not.toMatchObject({ x: 'y', z: 'n' });
    }
    sequential.close();
  });

  test('keep away from what the space forbids, from pins of other architectures, and from what an axis leaves open', async () => {
    const text = tinySpace
      .replace('x86_64: { weight: 3 }', 'x86_64: { weight: 3, pins: { GATE: y } }')
      .replace('fill: { densities: [0, 0.5] }', 'fill: { densities: [0.5], except: [EXTRA_A] }\nforbid:\n  - { when: { sample: [m, y], rt: [on] }, reason: a test }\n');
    const { sampler: own } = await tinySampler(text);
    for (const { arch, choices, requested, fill } of take(own.candidates(2, null), 120)) {
      expect(Object.keys(choices)).toEqual(Object.keys(own.space.axes));
      if (choices['rt'] === 'on') expect(choices['sample']).toBe('n');
      expect(fill.map(({ symbol }) => symbol)).not.toContain('EXTRA_A');
      const gate = requested.find(({ symbol }) => symbol === 'GATE')?.from;
      expect(gate).toBe(arch === 'x86_64' ? 'pin of x86_64' : choices['kasan'] === 'on' ? 'needed' : undefined);
    }
    own.close();
  });

  test('lose nothing of what they request, fill and all', () => {
    fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
      const candidate = sampler.candidate(seed, index);
      expect(lostIn(candidate)).toEqual([]);
      expect(Object.keys(candidate.choices)).toEqual(Object.keys(sampler.space.axes));
      for (const [axis, value] of Object.entries(candidate.choices)) expect(valuesFor(sampler.space, axis, candidate.arch)).toContain(value);
    }), { numRuns: 200 });
  });

  test('name what their choices need beside', () => {
    const drawn = take(sampler.candidates(1, null), 200);
    for (const { choices, requested } of drawn) {
      const needed = requested.filter(({ from }) => from === 'needed');
      expect(needed).toEqual(choices['kasan'] === 'on' ? [{ symbol: 'GATE', value: 'y', from: 'needed' }] : []);
    }
  });

  test('are sometimes bare and sometimes filled, never with what an axis decides', () => {
    const drawn = take(sampler.candidates(3, null), 300);
    const filled = drawn.filter(({ fill }) => fill.length > 0).length;
    expect(filled).toBeGreaterThan(60);
    expect(filled).toBeLessThan(240);
    expect(new Set(drawn.flatMap(({ fill }) => fill.map(({ symbol }) => symbol)))).toEqual(new Set(['EXTRA_A', 'EXTRA_B', 'EXTRA_C']));
  });

  test('give every possible value a tenth of its weight at least', () => {
    for (const arch of ['x86_64', 'arm64'] as const) {
      const drawn = take(sampler.candidates(7, [arch]), 1000);
      for (const [axis, values] of Object.entries(sampler.space.axes)) {
        const names = valuesFor(sampler.space, axis, arch);
        const total = names.reduce((sum, name) => sum + (values[name]?.weight ?? 0), 0);
        for (const name of names) {
          const share = drawn.filter(({ choices }) => choices[axis] === name).length / drawn.length;
          expect(share, `${axis}=${name}`).toBeGreaterThan((values[name]?.weight ?? 0) / total / 10);
        }
      }
    }
  });

  test('keep their numbers whatever architectures are left out', () => {
    const all = take(sampler.candidates(9, null), 40).filter(({ arch }) => arch === 'arm64');
    expect(take(sampler.candidates(9, ['arm64']), all.length)).toEqual(all);
  });

  test('have each architecture as often as its weight in each bagful', () => {
    const weights = Object.entries(sampler.space.arches);
    const size = weights.reduce((sum, [, { weight }]) => sum + weight, 0);
    fc.assert(fc.property(anySeed, fc.integer({ min: 0, max: 50 }), (seed, bagful) => {
      const drawn = Array.from({ length: size }, (_, place) => drawArch(sampler.space, seed, bagful * size + place));
      for (const [arch, { weight }] of weights) expect(drawn.filter((name) => name === arch)).toHaveLength(weight);
    }), { numRuns: 30 });
  });
});

describe('as an arbitrary', () => {
  test('shrinks to the base values without fill, and keeps what is requested', () => {
    const visited: Candidate[] = [];
    const result = fc.check(fc.property(candidates(sampler), (candidate) => {
      visited.push(candidate);
      expect(lostIn(candidate)).toEqual([]);
      return candidate.choices['kasan'] !== 'on';
    }), { numRuns: 500, seed: 5 });
    expect(result.failed).toBe(true);
    const [least] = result.counterexample as [Candidate];
    expect(least.choices).toEqual({ lto: 'none', btf: 'off', kasan: 'on', rt: 'off', sample: 'm' });
    expect(least.fill).toEqual([]);
    expect(visited.length).toBeGreaterThan(3);
  });

  test('is replayed by seed and path', () => {
    const property = () => fc.property(candidates(sampler), ({ choices }) => choices['rt'] !== 'on' || choices['btf'] !== 'on');
    const first = fc.check(property(), { seed: 11, numRuns: 500 });
    const again = fc.check(property(), { seed: 11, path: first.counterexamplePath as string });
    expect(again.counterexample).toEqual(first.counterexample);
    expect(first.failed).toBe(true);
  });
});

describe('requests', () => {
  test('print and read back', () => {
    fc.assert(fc.property(anySeed, anyIndex, (seed, index) => {
      const { requested } = sampler.candidate(seed, index);
      expect(findLost(requested, parseConfig(formatRequests({ requested, wished: [], fill: [] })))).toEqual([]);
    }), { numRuns: 50 });
  });

  test('a lost one is named with what became of it', () => {
    const requested = [{ symbol: 'A', value: 'm', from: 'axis=value' }, { symbol: 'B', value: 'n', from: 'pin' }, { symbol: 'C', value: 'y', from: 'pin' }];
    expect(findLost(requested, parseConfig('CONFIG_A=y\n'))).toEqual([
      { symbol: 'A', value: 'm', from: 'axis=value', effective: 'y' },
      { symbol: 'C', value: 'y', from: 'pin', effective: 'n' },
    ]);
  });
});

test('an architecture that the space does not have is refused in words', () => {
  expect(() => sampler.drawer('um' satisfies Arch)).toThrow(/opened without um/);
});
