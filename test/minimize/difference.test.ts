import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFragment, parseConfig } from '../../src/kconfig/config.ts';
import { KconfigError } from '../../src/kconfig/errors.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { type Assignment, Resolver } from '../../src/kconfig/resolver.ts';
import { Difference } from '../../src/minimize/difference.ts';
import { configText, kconfigText } from '../kconfig/arbitrary.ts';
import { UserError } from '../../src/util/errors.ts';
import { parseTiny, settingsOf } from '../kconfig/tiny.ts';
import { tinyKconfig } from '../sampler/tiny-space.ts';

function modelOf(text: string): Model | null {
  try {
    return parseTiny(text).model;
  } catch (error) {
    if (error instanceof KconfigError) return null;
    throw error;
  }
}

function isSettable(resolver: Resolver, { symbol, value }: Assignment): boolean {
  if (!resolver.isDefined(symbol)) return false;
  try {
    resolver.set(symbol, value);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

describe('of random Kconfig', () => {
  test('the elements give the failing configuration back', () => {
    fc.assert(fc.property(kconfigText, configText, configText, (text, base, failing) => {
      const parsed = modelOf(text);
      fc.pre(parsed !== null);
      const resolver = new Resolver(parsed);
      const requests = Object.entries(parseConfig(base)).map(([symbol, value]) => ({ symbol, value })).filter((request) => isSettable(resolver, request));
      const whole = resolver.resolveText(failing).config;
      // Some defaults cannot be asked for, and some of the base's requests not be taken back.
      fc.pre(resolver.resolveText(formatFragment(requests.map(({ symbol, value }) => [symbol, value])) + whole).config === whole);
      const difference = new Difference(parsed, requests, failing);
      expect(settingsOf(difference.config(difference.elements))).toEqual(settingsOf(whole));
    }), { numRuns: 300 });
  }, 120_000);
});

describe('of a tree of a page', () => {
  const { model: tiny } = parseTiny(tinyKconfig, { environment: { ARCH: 'x86_64' } });
  const pins = [{ symbol: 'MODULES', value: 'y' }, { symbol: 'EXPERT', value: 'y' }];
  const differ = (failing: string) => new Difference(tiny, pins, failing);
  const show = (difference: Difference) => difference.elements.map(({ symbol, value, base }) => `${symbol}: ${base} -> ${value}`);

  test('what follows from other assignments is no element', () => {
    const difference = differ('CONFIG_MODULES=y\nCONFIG_EXPERT=y\nCONFIG_LTO_THIN=y\nCONFIG_GATE=y\nCONFIG_KASAN=y\nCONFIG_SAMPLE=m\n');
    expect(show(difference)).toEqual(['LTO_THIN: n -> y', 'GATE: n -> y', 'KASAN: n -> y', 'SAMPLE: n -> m']);
  });

  test('an option that is off is one, a number too, and a pin that does not hold', () => {
    const difference = new Difference(tiny, [...pins, { symbol: 'BTF', value: 'y' }], 'CONFIG_MODULES=y\n# CONFIG_EXPERT is not set\nCONFIG_LEVEL=3\n');
    expect(show(difference)).toEqual(['EXPERT: y -> n', 'BTF: y -> n', 'LEVEL: 12 -> 3']);
  });

  test('an element that takes others brings them', () => {
    const difference = differ('CONFIG_MODULES=y\nCONFIG_EXPERT=y\nCONFIG_LTO_FULL=y\nCONFIG_GATE=y\nCONFIG_KASAN=y\n');
    const kasan = difference.elements.filter(({ symbol }) => symbol === 'KASAN');
    expect(difference.config(kasan)).toBe(difference.config([]));
    expect(difference.complete(kasan).map(({ symbol }) => symbol)).toEqual(['GATE', 'KASAN']);
    expect(difference.fragment(difference.complete(kasan))).toBe('CONFIG_MODULES=y\nCONFIG_EXPERT=y\nCONFIG_GATE=y\nCONFIG_KASAN=y\n');
  });
});
