import { beforeAll, describe, expect, test } from 'vitest';
import { knownBefore, reportCoverage } from '../../src/sampler/coverage.ts';
import { makeMatrix } from '../../src/sampler/matrix.ts';
import type { Sampler } from '../../src/sampler/sampler.ts';
import { nameTuple } from '../../src/space/requests.ts';
import { listTuples, measureCoverage } from '../../src/space/tuples.ts';
import { formatCoverage } from '../../src/report/text.ts';
import { formatMatrix } from '../../src/report/matrix.ts';
import { parseTiny } from '../kconfig/tiny.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { take, tinyKconfig, tinySampler, tinySpace } from './tiny-space.ts';

let sampler: Sampler;
beforeAll(async () => {
  ({ sampler } = await tinySampler());
});

describe.each([2, 3] as const)('covering tuples of %i', (strength) => {
  test('ends, and every tuple is covered or impossible', () => {
    const rows = [...sampler.candidates(1, null, strength, true)];
    for (const [arch, { possibilities }] of sampler.drawers) {
      const own = rows.filter((row) => row.arch === arch).map(({ choices }) => choices);
      const { covered, impossible, left } = measureCoverage(possibilities, strength, own);
      expect(left).toEqual([]);
      expect(covered.length + impossible.length).toBe(listTuples(sampler.space, arch, strength).length);
      expect(own.length).toBeLessThan(covered.length / 2);
    }
  });

  test('what is called impossible is so for every configuration of the tree', () => {
    const { possibilities } = sampler.drawer('x86_64');
    const { model } = parseTiny(tinyKconfig, { environment: { ARCH: 'x86_64' } });
    const seen = allConfigurations(new Resolver(model));
    for (const tuple of listTuples(sampler.space, 'x86_64', strength)) {
      const wanted = tuple.flatMap(([axis, value]) => Object.entries(sampler.space.axes[axis]?.[value]?.set ?? {})).concat(Object.entries(sampler.space.pins));
      const exists = seen.some((config) => wanted.every(([symbol, value]) => (config[symbol] ?? 'n') === value));
      expect(possibilities.isPossible(Object.fromEntries(tuple)), nameTuple(tuple)).toBe(exists);
    }
  });

  test('each row brings something new, and the first as much as any can', () => {
    const plan = sampler.plan(1, strength);
    const news: number[] = [];
    for (let index = 0; plan.row(index) !== null; index += 1) news.push(plan.row(index)?.news ?? 0);
    expect(Math.min(...news)).toBeGreaterThan(0);
    // Five axes make ten pairs, and ten triples.
    expect(news[0]).toBe(10);
  });
});

test('a covering run is pinned, and goes on at random where it is not told to end', async () => {
  const { sampler: fresh } = await tinySampler();
  const rows = [...sampler.candidates(1, null, 2, true)];
  expect([...fresh.candidates(1, null, 2, true)]).toEqual(rows);
  expect(rows.map(({ arch, choices }) => `${arch} ${Object.values(choices).join(' ')}`)).toMatchSnapshot();
  expect(take(sampler.candidates(1, null, 2), rows.length + 3).slice(0, rows.length)).toEqual(rows);
});

test('a later run does without the candidates that an earlier one has judged', () => {
  const rows = [...sampler.candidates(1, null, 2, true)];
  const judged = new Map([['x86_64', rows.filter(({ arch }) => arch === 'x86_64').map(({ choices }) => choices)]]);
  const isKnown = knownBefore(sampler, 2, judged);
  expect(new Set(rows.filter((row) => isKnown(row)).map(({ arch }) => arch))).toEqual(new Set(['x86_64']));
  expect(rows.filter((row) => !isKnown(row)).map(({ arch }) => arch)).not.toContain('x86_64');
  // Random ones that follow are checked in any case.
  expect(take(sampler.candidates(1, ['x86_64'], 2), 40).slice(-1).map(isKnown)).toEqual([false]);
});

test('groups are covered to their own strength', async () => {
  const { sampler: grouped } = await tinySampler(`${tinySpace}groups:\n  - { axes: [lto, btf, rt], strength: 3 }\n`);
  const rows = [...grouped.candidates(1, ['x86_64'], 2, true)].filter(({ arch }) => arch === 'x86_64');
  const triples = new Set(rows.map(({ choices }) => `${choices['lto']} ${choices['btf']} ${choices['rt']}`));
  expect([...triples].sort()).toEqual(['full off off', 'full off on', 'none off off', 'none off on', 'none on off', 'none on on', 'thin off off', 'thin off on']);
});

test('what cannot be is told with the lines that forbid it', () => {
  const report = reportCoverage(sampler, 2, new Map(), ['x86_64']);
  expect(formatCoverage(report)).toMatchInlineSnapshot(`
    "
    pairs of values on x86_64: 0 covered, 2 impossible, 55 left
      impossible: lto=full with btf=on: LTO_FULL=y (lto=full) with BTF=y (btf=on): Kconfig:16: LTO_FULL selects LTO; Kconfig:26: BTF depends on !LTO
      impossible: lto=thin with btf=on: LTO_THIN=y (lto=thin) with BTF=y (btf=on): Kconfig:20: LTO_THIN selects LTO; Kconfig:26: BTF depends on !LTO"
  `);
});

test('a matrix shows what works, fails, cannot be, and is untested', () => {
  const outcomes = [
    { arch: 'x86_64', choices: { lto: 'none', btf: 'on' }, hasFailed: false, signatures: [] },
    { arch: 'x86_64', choices: { lto: 'none', btf: 'on' }, hasFailed: false, signatures: [] },
    { arch: 'x86_64', choices: { lto: 'full', btf: 'off' }, hasFailed: true, signatures: ['builds/abc'] },
    { arch: 'arm64', choices: { lto: 'none', btf: 'off' }, hasFailed: true, signatures: ['builds/def'] },
  ];
  expect(formatMatrix(makeMatrix(sampler.drawer('x86_64').possibilities, ['lto', 'btf'], outcomes))).toMatchInlineSnapshot(`
    "x86_64
    lto \\ btf  off        on
    none       ·          works 2
    full       FAILS 1/1  impossible
    thin       ·          impossible
      lto=full with btf=off: fails: builds/abc
      lto=full with btf=on: impossible: LTO_FULL=y (lto=full) with BTF=y (btf=on): Kconfig:16: LTO_FULL selects LTO; Kconfig:26: BTF depends on !LTO
      lto=thin with btf=on: impossible: LTO_THIN=y (lto=thin) with BTF=y (btf=on): Kconfig:20: LTO_THIN selects LTO; Kconfig:26: BTF depends on !LTO"
  `);
});

/** Everything that anybody could make of a small tree, selects against dependencies aside. */
function allConfigurations(resolver: Resolver): Record<string, string>[] {
  const wishes: [string, (string | null)[]][] = [
    ['LTO_NONE', [null, 'y']], ['LTO_FULL', [null, 'y']], ['LTO_THIN', [null, 'y']], ['BTF', [null, 'y']], ['GATE', [null, 'y']], ['KASAN', [null, 'y']],
    ['RT', [null, 'y']], ['EXTRA_C', [null, 'y']], ['SAMPLE', [null, 'm', 'y']],
  ];
  const found: Record<string, string>[] = [];
  const walk = (at: number, wanted: { symbol: string; value: string }[]): void => {
    const [symbol, values] = wishes[at] ?? [];
    if (symbol === undefined || values === undefined) {
      resolver.check([{ symbol: 'MODULES', value: 'y' }, { symbol: 'EXPERT', value: 'y' }, ...wanted]);
      const config = resolver.config();
      if (resolver.evaluation().warnings === 0) found.push(config);
      return;
    }
    for (const value of values) walk(at + 1, value === null ? wanted : [...wanted, { symbol, value }]);
  };
  walk(0, []);
  return found;
}
