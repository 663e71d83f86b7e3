import { describe, expect, test } from 'vitest';
import type { SymbolType } from '../../src/kconfig/symbols.ts';
import { checkProperties, checkSymbols, loadSpace, parseSpace } from '../../src/space/load.ts';
import { UserError } from '../../src/util/errors.ts';

const good = `space: tiny
description: a space for tests
targets: [prepare]
arches:
  x86_64: { weight: 2, pins: { 64BIT: y } }
  um: {weight: 1}
axes:
  inline:
    on: { weight: 3, arches: [x86_64], set: { RUST_INLINE_HELPERS: y } }
    off: { set: { RUST_INLINE_HELPERS: n } }
  level:
    low: { set: { LEVEL: 3 } }
forbid:
  - { when: { inline: [on], level: [low] }, reason: "no" }
`;
const symbols = new Map<string, SymbolType>([['RUST_INLINE_HELPERS', 'bool'], ['LEVEL', 'int'], ['64BIT', 'bool']]);

/** The error of a callback, as a user sees it. */
function complaint(run: () => unknown): { code: string; line: number | undefined; message: string } {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, line: error.place?.line, message: error.message };
    throw error;
  }
  throw new Error('nothing was complained about');
}

test('a space is read whole, with its defaults', () => {
  const { space } = parseSpace(good, 'tiny.yaml');
  expect(space.axes['inline']?.['off']).toEqual({ weight: 1, arches: ['x86_64', 'arm64', 'um'], set: { RUST_INLINE_HELPERS: 'n' } });
  expect(space.axes['level']?.['low']?.set).toEqual({ LEVEL: '3' });
});

test('the hash changes with the meaning and not with the layout', () => {
  const { hash } = parseSpace(good, 'tiny.yaml').space;
  expect(parseSpace(good.replace('{weight: 1}', '{ weight: 1 }').concat('# a comment\n'), 'x').space.hash).toBe(hash);
  expect(parseSpace(good.replace('weight: 3', 'weight: 4'), 'x').space.hash).not.toBe(hash);
});

describe('mistakes are told with their line', () => {
  test.each([
    ['a symbol nobody knows', good.replace('LEVEL: 3', 'LEVLE: 3'), 'SPACE_SYMBOL', 12],
    ['a value of another type', good.replace('LEVEL: 3', 'LEVEL: y'), 'SPACE_VALUE', 12],
    ['m for a bool', good.replace('RUST_INLINE_HELPERS: n', 'RUST_INLINE_HELPERS: m'), 'SPACE_VALUE', 10],
    ['broken YAML', good.replace('axes:', 'axes: ['), 'SPACE_SYNTAX', undefined],
    ['a missing part', good.replace('targets: [prepare]\n', ''), 'SPACE_SHAPE', 1],
    ['a part nobody asked for', good.replace('targets:', 'tagrets: []\ntargets:'), 'SPACE_SHAPE', 3],
    ['a weight that is none', good.replace('weight: 3', 'weight: -3'), 'SPACE_SHAPE', 9],
    ['an architecture nobody builds', good.replace('[x86_64]', '[vax]'), 'SPACE_SHAPE', 9],
    ['a forbidden axis that is not there', good.replace('level: [low]', 'lvl: [low]'), 'SPACE_AXIS', 14],
    ['a forbidden value that is not there', good.replace('level: [low]', 'level: [high]'), 'SPACE_AXIS', 14],
    ['a group with an axis that is not there', `${good}groups:\n  - { axes: [inline, lvl], strength: 3 }\n`, 'SPACE_AXIS', 16],
    ['a group of one', `${good}groups:\n  - { axes: [inline], strength: 3 }\n`, 'SPACE_SHAPE', 16],
    ['a strength that is none', `${good}groups:\n  - { axes: [inline, level], strength: 4 }\n`, 'SPACE_SHAPE', 16],
    ['a density that is none', `${good}fill: { densities: [0, 1.5] }\n`, 'SPACE_SHAPE', 15],
    ['a property that is not there', `${good}properties: [builds, bulids]\n`, 'SPACE_PROPERTY', 15],
    ['CONFIG_ before a symbol', good.replace('LEVEL: 3', 'CONFIG-LEVEL: 3'), 'SPACE_SHAPE', 12],
  ])('%s', (_, text, code, line) => {
    const found = complaint(() => {
      checkProperties(parseSpace(text, 'tiny.yaml'), ['builds']);
      checkSymbols(parseSpace(text, 'tiny.yaml'), symbols, 'test');
    });
    expect(found.code).toBe(code);
    if (line !== undefined) expect(found.line).toBe(line);
    expect(found.message).not.toBe('');
  });
});

test('a space that is not there names those that are', async () => {
  await expect(loadSpace('nothing', 'corpus/spaces')).rejects.toMatchObject({ code: 'UNKNOWN_SPACE', hint: expect.stringContaining('inline-helpers') });
});
