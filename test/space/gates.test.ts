import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SymbolType } from '../../src/kconfig/symbols.ts';
import { breakRule, formatRule, isMet, listNamed } from '../../src/space/gates.ts';
import { checkSymbols, parseSpace } from '../../src/space/load.ts';
import { listRequests, valuesFor } from '../../src/space/requests.ts';
import type { GateRule } from '../../src/space/schema.ts';
import { isOf, listVariants } from '../../src/space/variants.ts';
import { UserError } from '../../src/util/errors.ts';
import { gateSpace } from '../campaign/tiny-gates.ts';

const { space } = parseSpace(gateSpace, 'gates.yaml');
const rules = space.gates?.['HELPERS'] ?? [];
const symbols = new Map(['EXPERT', 'RUST', 'SHUFFLE', 'BTF', 'LTO', 'HELPERS'].map((name): [string, SymbolType] => [name, 'bool']));

/** Changes a part of the space, which must be there. */
function change(from: string, to: string): string {
  expect(gateSpace).toContain(from);
  return gateSpace.replace(from, to);
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

test('a space with gates is read whole, and its gates are asked for and not insisted on', () => {
  checkSymbols(parseSpace(gateSpace, 'gates.yaml'), symbols, 'test');
  expect(listRequests(space, 'arm64', { expert: 'on', rust: 'on', shuffle: 'on' })).toEqual({
    requests: [{ symbol: 'EXPERT', value: 'y', from: 'expert=on' }, { symbol: 'SHUFFLE', value: 'y', from: 'shuffle=on' }],
    wishes: [{ symbol: 'HELPERS', value: 'y', from: 'gate' }, { symbol: 'RUST', value: 'y', from: 'rust=on' }],
    conflict: null,
  });
});

describe('mistakes are told with their line', () => {
  test.each([
    ['gates of what is built', change('depth: config\n', ''), 'SPACE_DEPTH', 'older: {'],
    ['probes of what is built', change('depth: config\n', '').replace(/gates:[^]*fill/, 'fill'), 'SPACE_DEPTH', 'older: {'],
    ['gates alone of what is built', change('depth: config\n', '').replace(', probes: { rustc: 21 }', '').replace(', kernel: riscv', ''), 'SPACE_DEPTH', 'gates:'],
    ['an axis that is not there', change('{ expert: [on] }', '{ exprt: [on] }'), 'SPACE_AXIS', '{ exprt:'],
    ['a value that is not there', change('lto: [on] }', 'lto: [thin] }'), 'SPACE_AXIS', 'lto: [thin]'],
    ['an architecture nobody builds', change('arch: [x86_64, arm64]', 'arch: [x86_64, vax]'), 'SPACE_AXIS', 'vax'],
    ['a rule that nothing breaks', change('expert: [on] }', 'expert: [on, off] }'), 'SPACE_GATE', 'expert: [on, off] }'],
    ['a rule of both kinds', change('{ not: { tools: [older] }', '{ needs: { rust: [on] }, not: { tools: [older] }'), 'SPACE_SHAPE', 'not: { tools'],
    ['a rule of neither kind', change('needs: { shuffle: [off] }, ', ''), 'SPACE_SHAPE', 'unknown layouts'],
    ['a rule of no axis', change('{ needs: { shuffle: [off] }', '{ needs: {}'), 'SPACE_SHAPE', 'needs: {}'],
    ['a rule without its reason', change(', reason: unknown layouts', ''), 'SPACE_SHAPE', 'needs: { shuffle'],
    ['a gate without rules', gateSpace.replace(/ {2}HELPERS:\n(?: {4}.*\n)+/, '  HELPERS: []\n'), 'SPACE_SHAPE', '  HELPERS: []'],
    ['a gate of a symbol that an axis sets', change('set: { BTF: y }', 'set: { BTF: y, HELPERS: n }'), 'SPACE_GATE', '  HELPERS:\n'],
    ['a gate of a symbol that the tree does not have', change('  HELPERS:\n', '  HELPER:\n'), 'SPACE_SYMBOL', '  HELPER:\n'],
    ['a wish for a symbol that the tree does not have', change('wish: { RUST: y }', 'wish: { RSUT: y }'), 'SPACE_SYMBOL', 'RSUT'],
    ['a wish for a value of another type', change('wish: { RUST: y }', 'wish: { RUST: m }'), 'SPACE_VALUE', 'RUST: m'],
    ['a wish for what is set', change('wish: { RUST: y }', 'set: { RUST: y }, wish: { RUST: y }'), 'SPACE_WISH', 'wish: { RUST: y }'],
    ['an axis with the name that rules have for the architecture', change('  shuffle:\n', '  arch:\n').replace('{ shuffle: [off] }', '{ btf: [off] }'), 'SPACE_GATE', '  arch:\n    off'],
    ['an answer to no command', change('probes: { rustc: 21 }', 'probes: { "": 21 }'), 'SPACE_SHAPE', 'probes: { "": 21 }'],
    ['an architecture that make cannot be given', change('kernel: riscv', 'kernel: ../riscv'), 'SPACE_SHAPE', '../riscv'],
  ])('%s', (_, text, code, at) => {
    try {
      checkSymbols(parseSpace(text, 'gates.yaml'), symbols, 'test');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      expect({ code: error.code, line: error.place?.line }).toEqual({ code, line: lineOf(text, at) });
      return;
    }
    throw new Error('nothing was complained about');
  });
});

describe('rules', () => {
  const anyRule = fc.constantFrom(...rules);
  const anyArch = fc.constantFrom('x86_64', 'arm64', 'um' as const);
  const anyChoices = fc.record(Object.fromEntries(Object.keys(space.axes).map((axis) => [axis, fc.constantFrom(...Object.keys(space.axes[axis] ?? {}))])));

  test('are broken by every set of choices that breaks them, whatever else is chosen, and by no fewer', () => {
    fc.assert(fc.property(anyRule, anyArch, anyChoices, (rule, arch, choices) => {
      const ways = breakRule(space, arch, rule);
      for (const way of ways) {
        expect(isMet(rule, arch, { ...choices, ...way })).toBe(false);
        expect(Object.keys(way).every((axis) => listNamed(rule).some(([named]) => named === axis))).toBe(true);
      }
      const isDrawable = Object.entries(choices).every(([axis, value]) => valuesFor(space, axis, arch).includes(value));
      const isBroken = ways.some((way) => Object.entries(way).every(([axis, value]) => choices[axis] === value));
      if (isDrawable) expect(isMet(rule, arch, choices)).toBe(!isBroken);
    }), { numRuns: 500 });
  });

  test('read aloud', () => {
    expect(rules.map(formatRule)).toEqual([
      'needs arch=x86_64|arm64', 'needs machine=own', 'needs expert=on', 'needs rust=on', 'rules out tools=older', 'needs shuffle=off', 'rules out btf=on with lto=on',
    ]);
  });

  test('with several axes need each, or rule out all at once', () => {
    const needs: GateRule = { needs: { btf: ['on'], lto: ['on'] }, reason: '' };
    const not: GateRule = { not: { btf: ['on'], lto: ['on'] }, reason: '' };
    const combinations = ['on', 'off'].flatMap((btf) => ['on', 'off'].map((lto) => ({ btf, lto })));
    expect(combinations.map((choices) => isMet(needs, 'um', choices))).toEqual([true, false, false, false]);
    expect(combinations.map((choices) => isMet(not, 'um', choices))).toEqual([false, true, true, true]);
    expect(breakRule(space, 'um', needs)).toEqual([{ btf: 'off' }, { lto: 'off' }]);
    expect(breakRule(space, 'um', not)).toEqual([{ btf: 'on', lto: 'on' }]);
  });
});

describe('variants', () => {
  test('are one for each set of values that a model can be loaded for, and part the choices', () => {
    const variants = listVariants(space, 'x86_64');
    expect(variants.map(({ choices, weight, kernel, overrides }) => ({ ...choices, weight, kernel, probes: overrides.probes }))).toEqual([
      { tools: 'same', machine: 'own', weight: 27, kernel: 'x86_64', probes: {} },
      { tools: 'same', machine: 'riscv', weight: 3, kernel: 'riscv', probes: {} },
      { tools: 'older', machine: 'own', weight: 9, kernel: 'x86_64', probes: { rustc: '21' } },
      { tools: 'older', machine: 'riscv', weight: 1, kernel: 'riscv', probes: { rustc: '21' } },
    ]);
    for (const variant of variants) {
      expect(valuesFor(variant.space, 'tools', 'x86_64')).toEqual([variant.choices['tools']]);
      expect(variants.filter((other) => isOf(other, variant.choices))).toEqual([variant]);
    }
    expect(listVariants(space, 'um')).toHaveLength(1);
  });

  test('leave out what the space forbids', () => {
    const { space: narrower } = parseSpace(change('gates:', 'forbid:\n  - { when: { tools: [older], machine: [riscv] }, reason: enough }\ngates:'), 'gates.yaml');
    expect(listVariants(narrower, 'x86_64').map(({ choices }) => choices)).toEqual([{ tools: 'same', machine: 'own' }, { tools: 'same', machine: 'riscv' }, { tools: 'older', machine: 'own' }]);
  });

  test('of a space that simulates nothing are the space itself', () => {
    const { space: plain } = parseSpace(gateSpace.replace(/depth[^]*axes:/, 'depth: config\ntargets: []\narches: { um: { weight: 1 } }\naxes:').replace(/ {2}tools:\n(?: {4}.*\n)+/, '').replace(/ {2}machine:\n(?: {4}.*\n)+/, '').replace(/.*(?:machine|tools): \[.*\n/g, ''), 'gates.yaml');
    expect(listVariants(plain, 'um')).toEqual([{ space: plain, choices: {}, weight: 1, overrides: { probes: {}, environment: {}, files: {} }, kernel: 'um' }]);
    expect(listVariants(plain, 'um')[0]?.space).toBe(plain);
  });
});
