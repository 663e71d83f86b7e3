import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSeed, parseSeed, type Seed } from '../../src/sampler/seed.ts';
import { UserError } from '../../src/util/errors.ts';

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const anySeed: fc.Arbitrary<Seed> = fc.record({
  space: fc.record({ name: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/), hash: hex(6) }),
  tree: fc.record({ name: fc.stringMatching(/^[A-Za-z0-9.-]{1,20}$/), fingerprint: hex(8) }),
  toolchain: fc.record({ kind: fc.constantFrom('host', 'debian'), fingerprint: hex(8) }),
  runSeed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  cover: fc.constantFrom(0, 2, 3),
  index: fc.integer({ min: 0, max: 999_999_999 }),
  config: hex(8),
});

test('reads what it writes, quoted or at the end of a sentence', () => {
  fc.assert(fc.property(anySeed, (seed) => {
    const text = formatSeed(seed);
    for (const pasted of [text, ` ${text}\n`, `"${text}"`, `<${text}>.`]) expect(parseSeed(pasted)).toEqual(seed);
  }));
});

test('is made of what shells and mails leave alone', () => {
  fc.assert(fc.property(anySeed, (seed) => {
    expect(formatSeed(seed)).toMatch(/^[A-Za-z0-9._-]+$/);
  }));
});

test('a damaged seed is refused in words', () => {
  fc.assert(fc.property(anySeed, fc.nat(), fc.stringMatching(/^[a-z0-9_.]$/), (seed, at, character) => {
    const text = formatSeed(seed);
    const damaged = text.slice(0, at % text.length) + character + text.slice((at % text.length) + 1);
    if (damaged === text) return;
    expect(() => parseSeed(damaged)).toThrow(UserError);
  }));
});

test('anything at all gives one clear error', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
    try {
      parseSeed(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'SEED_MALFORMED' });
    }
  }), { numRuns: 2000 });
});
