import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KconfigError } from '../../src/kconfig/errors.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { Encoding } from '../../src/space/encode.ts';
import { loadZ3, Solver } from '../../src/space/solver.ts';
import { kconfigText } from '../kconfig/arbitrary.ts';
import { parseTiny } from '../kconfig/tiny.ts';
import { compareModel, namesOf, wishesOf } from './models.ts';

const z3 = await loadZ3();
const slow = 120_000;
const numRuns = Number(process.env['KINFUZZ_RUNS'] ?? 60);

/** Generated trees; those with a ring that `conf` refuses, or that asks a number for itself, are skipped. */
const kconfig = kconfigText.filter((text) => modelOf(text) !== null);

function modelOf(text: string): Model | null {
  try {
    const parsed = parseTiny(text).model;
    return new Encoding(parsed, namesOf(parsed)).model;
  } catch (error) {
    if (error instanceof KconfigError || (error instanceof Error && error.message.endsWith('depends on itself'))) return null;
    throw error;
  }
}

describe('the encoding of a cone', () => {
  it('has no model but what the evaluator makes of its wishes', () => {
    fc.assert(
      fc.property(kconfig, fc.nat(), (text, seed) => {
        const parsed = parseTiny(text).model;
        const encoding = new Encoding(parsed, namesOf(parsed));
        const solver = new Solver(z3, encoding.cnf);
        try {
          for (let round = 0; round < 3; round += 1) {
            solver.shuffle(seed + round);
            expect(solver.isPossible([])).toBe(true);
            expect(compareModel(encoding, solver, new Resolver(parsed))).toEqual([]);
          }
        } finally {
          solver.close();
        }
      }),
      { numRuns },
    );
  }, slow);

  it('allows whatever the evaluator makes of any wishes', () => {
    fc.assert(
      fc.property(kconfig, fc.infiniteStream(fc.constantFrom('y', 'm', 'n', null, null)), (text, stream) => {
        const parsed = parseTiny(text).model;
        const encoding = new Encoding(parsed, namesOf(parsed));
        const solver = new Solver(z3, encoding.cnf);
        try {
          const wishes = wishesOf(encoding).map((wish) => ({ ...wish, value: stream.next().value as string | null }));
          const asked = wishes.flatMap(({ literals, value }) => literals(value));
          // Two picks in a choice, or a word on all of its members, are no wishes that the encoding has to know.
          const isOdd = [...encoding.choices].some(({ members }) => {
            const own = wishes.filter(({ name }) => members.some((id) => encoding.symbol(id).name === name));
            return own.filter(({ value }) => value === 'y').length > 1 || own.every(({ value }) => value !== null);
          });
          if (isOdd || wishes.some(({ isBool, value }) => isBool && value === 'm')) return;
          const resolver = new Resolver(parsed);
          for (const { name, value } of wishes) if (value !== null) resolver.set(name, value);
          expect(solver.isPossible(asked)).toBe(true);
          expect(compareModel(encoding, solver, resolver)).toEqual([]);
        } finally {
          solver.close();
        }
      }),
      { numRuns },
    );
  }, slow);

  it('folds numbers that no one can set into their ranges and comparisons', () => {
    const { model: parsed } = parseTiny('config LOW\n\tint\n\tdefault 3\nconfig A\n\tbool "a"\nconfig N\n\tint\n\trange LOW 9 if A\n\trange 20 30\n\tdefault 1\nconfig B\n\tdef_bool N >= 20\n');
    const encoding = new Encoding(parsed, ['B']);
    const [n, b] = ['N', 'B'].map((name) => parsed.names.get(name) as number);
    expect([...encoding.values(n as number).keys()].sort()).toEqual(['20', '3']);
    const solver = new Solver(z3, encoding.cnf);
    const a = encoding.level(parsed.names.get('A') as number).m;
    const isB = encoding.level(b as number).m;
    expect([solver.isPossible([a, isB]), solver.isPossible([a, -isB]), solver.isPossible([-a, isB])]).toEqual([false, true, true]);
    solver.close();
  });
});
