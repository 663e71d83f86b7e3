import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Case, identityOf } from '../../src/corpus/cases.ts';
import { addSighting, joinCases, mergeCases } from '../../src/corpus/merge.ts';
import { addFound, nameCase } from '../../src/corpus/store.ts';
import { anyCase, anyCorpus, parsedCase } from './arbitrary.ts';

const runs = { numRuns: Number(process.env['KINFUZZ_RUNS'] ?? 500) };
/** A corpus but for names and for the order of lists, which mean nothing. */
const meaning = (cases: readonly Case[]) =>
  new Map(cases.map((one) => [identityOf(one), { ...joinCases(one, one), name: '' }] as const).sort(([left], [right]) => (left < right ? -1 : 1)));

describe('a merge', () => {
  test('is the same from either side', () => {
    fc.assert(fc.property(anyCorpus, anyCorpus, (one, other) => {
      expect(meaning(mergeCases(one, other))).toEqual(meaning(mergeCases(other, one)));
    }), runs);
  });

  test('is the same in whatever order', () => {
    fc.assert(fc.property(anyCorpus, anyCorpus, anyCorpus, (one, two, three) => {
      expect(meaning(mergeCases(mergeCases(one, two), three))).toEqual(meaning(mergeCases(one, mergeCases(two, three))));
    }), runs);
  });

  test('with itself, or once more, changes nothing', () => {
    fc.assert(fc.property(anyCorpus, anyCorpus, (one, other) => {
      const merged = mergeCases(one, other);
      expect(meaning(mergeCases(merged, merged))).toEqual(meaning(merged));
      expect(mergeCases(merged, other).map(({ name }) => name)).toEqual(merged.map(({ name }) => name));
    }), runs);
  });

  test('loses no case and no sighting, keeps our names, and gives no name twice', () => {
    fc.assert(fc.property(anyCorpus, anyCorpus, (one, other) => {
      const merged = mergeCases(one, other);
      const names = merged.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(new Set(merged.map(identityOf))).toEqual(new Set([...one, ...other].map(identityOf)));
      for (const before of [...one, ...other]) {
        const after = merged.find((now) => identityOf(now) === identityOf(before));
        const places = (all: Case['seen'] | undefined) => (all ?? []).map(({ seed: _, ...place }) => JSON.stringify(Object.entries(place).sort()));
        expect(places(after?.seen)).toEqual(expect.arrayContaining(places(before.seen)));
      }
      if (new Set(one.map(identityOf)).size === one.length) expect(names).toEqual(expect.arrayContaining(one.map(({ name }) => name)));
    }), runs);
  });

  test('gives way with its names, not with ours', () => {
    const ours = parsedCase();
    const theirs = { ...ours, assignments: 'CONFIG_X=y\n' };
    expect(mergeCases([ours], [theirs]).map(({ name, assignments }) => [name, assignments])).toEqual([['one', ours.assignments], [`one-${identityOf(theirs).slice(0, 4)}`, 'CONFIG_X=y\n']]);
  });
});

test('what was seen last of a tree counts', () => {
  fc.assert(fc.property(anyCase, (one) => {
    const [sighting] = one.seen;
    if (sighting === undefined) return;
    const gone = addSighting(one, 'gone', sighting);
    expect(gone.gone).toContainEqual(expect.objectContaining({ tree: sighting.tree, toolchain: sighting.toolchain }));
    expect(addSighting(gone, 'gone', sighting)).toEqual(gone);
    const back = addSighting(gone, 'seen', sighting);
    expect(back.seen).toContainEqual(sighting);
    expect(back.gone).toHaveLength(gone.gone.length - 1);
  }), runs);
});

test('a failure that is met again adds a sighting, no case', () => {
  const { name: _, state: __, seen: [sighting], gone: ___, ...found } = parsedCase();
  const first = addFound([], { ...found, sighting: sighting ?? null }, nameCase(found));
  expect(first).toMatchObject({ name: 'same-as-without-1a2b3c4d-arm64', isNew: true, cases: [{ state: 'open' }] });
  const again = addFound(first.cases, { ...found, assignments: 'CONFIG_OTHER=y\n', sighting: { tree: 'other', fingerprint: '00000000', toolchain: 'host' } }, 'whatever');
  expect(again).toMatchObject({ name: first.name, isNew: false, cases: [{ assignments: found.assignments, seen: [{ tree: 'linux-source-7.3' }, { tree: 'other' }] }] });
  expect(addFound(again.cases, { ...found, arch: 'x86_64', sighting: null }, nameCase({ ...found, arch: 'x86_64' })).isNew).toBe(true);
});
