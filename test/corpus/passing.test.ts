import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPassing, keepPassing, loadPassing, parsePassing, type Passing, updatePassing } from '../../src/corpus/passing.ts';

const runs = { numRuns: Number(process.env['KINFUZZ_RUNS'] ?? 300) };
const value = fc.constantFrom('on', 'off', 'thin');
const anyPassing: fc.Arbitrary<Passing> = fc.record({
  arch: fc.constantFrom('x86_64', 'um'), space: fc.constantFrom('s', 't'), passes: fc.constantFrom([], ['twin']), assignments: fc.constantFrom('', 'CONFIG_A=y\n', 'CONFIG_A=m\n# CONFIG_B is not set\n'),
  choices: fc.record({ lto: value, cfi: value, btf: value }), dependencies: fc.uniqueArray(fc.constantFrom('X', 'Y', 'Z', '64BIT'), { maxLength: 3 }),
}) as fc.Arbitrary<Passing>;
const many = fc.array(anyPassing, { maxLength: 12 });
const pairsOf = (all: readonly Passing[]) => new Set(all.flatMap(({ space, arch, choices }) => Object.entries(choices).flatMap((one) => Object.entries(choices).map((other) => [space, arch, one, other].join()))));
const dependenciesOf = (all: readonly Passing[]) => new Set(all.flatMap(({ arch, dependencies }) => dependencies.map((name) => `${arch} ${name}`)));

test('is read as it was written', () => {
  fc.assert(fc.property(many, (all) => {
    expect(parsePassing(formatPassing(all), 'passing.yaml')).toEqual(all);
  }), runs);
});

test('without a bound nothing is lost that any of them had, and each was the first to have something', () => {
  fc.assert(fc.property(many, (all) => {
    const kept = keepPassing([], all, Infinity);
    expect(pairsOf(kept)).toEqual(pairsOf(all));
    expect(dependenciesOf(kept)).toEqual(dependenciesOf(all));
    kept.forEach((one, at) => {
      const before = kept.slice(0, at);
      expect(pairsOf([...before, one]).size > pairsOf(before).size || one.dependencies.length > 0).toBe(true);
    });
    expect(keepPassing(kept, all, Infinity)).toEqual(kept);
  }), runs);
});

test('is bounded, and what goes first is what the others have too', () => {
  fc.assert(fc.property(many, fc.nat(5), (all, most) => {
    const kept = keepPassing([], all, most);
    expect(kept.length).toBeLessThanOrEqual(most);
    expect(keepPassing([], all, most)).toEqual(kept);
  }), runs);
  const of = (lto: string, dependencies: string[] = []): Passing => ({ arch: 'um', space: 's', passes: [], assignments: '', choices: { lto, cfi: 'on' }, dependencies });
  expect(keepPassing([of('a'), of('b'), of('c', ['X'])], [of('d')], 3).map(({ choices }) => choices['lto'])).toEqual(['b', 'c', 'd']);
});

test('mistakes in the file are told with their place', () => {
  expect(() => parsePassing('configs:\n  - arch: mips\n', 'passing.yaml')).toThrow(expect.objectContaining({ code: 'PASSING_SHAPE', place: { file: 'passing.yaml', line: 2, column: 11 } }));
});

test('a corpus without any has none', async () => {
  const corpus = mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-'));
  expect(await loadPassing(corpus)).toEqual([]);
  const [one] = fc.sample(anyPassing, 1);
  await updatePassing(corpus, (kept) => keepPassing(kept, one ? [one] : [], 5));
  expect(await loadPassing(corpus)).toEqual([one]);
});
