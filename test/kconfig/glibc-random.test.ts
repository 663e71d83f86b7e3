import { expect, it } from 'vitest';
import { GlibcRandom } from '../../src/kconfig/glibc-random.ts';
import { parseProbabilities } from '../../src/kconfig/probability.ts';

it.each([
  [1, [1804289383, 846930886, 1681692777, 1714636915, 1957747793]],
  [0, [1804289383, 846930886, 1681692777, 1714636915, 1957747793]],
  [42, [71876166, 708592740, 1483128881, 907283241, 442951012]],
])('gives the numbers that C gives after srand(%i)', (seed, expected) => {
  const random = new GlibcRandom(seed);
  expect(expected.map(() => random.next())).toEqual(expected);
});

it.each([
  [undefined, { boolYes: 50, tristateYes: 33, tristateModule: 33 }],
  ['15', { boolYes: 15, tristateYes: 8, tristateModule: 7 }],
  ['10:20', { boolYes: 30, tristateYes: 10, tristateModule: 20 }],
  ['1:2:3', { boolYes: 1, tristateYes: 2, tristateModule: 3 }],
  ['101', null],
  ['50:60:50', null],
])('reads KCONFIG_PROBABILITY=%s', (text, expected) => expect(parseProbabilities(text)).toEqual(expected));
