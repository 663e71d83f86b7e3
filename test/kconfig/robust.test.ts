import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KconfigError } from '../../src/kconfig/errors.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { configText, kconfigText } from './arbitrary.ts';
import { mistakeIn, parseTiny } from './tiny.ts';

/** More with `KINFUZZ_RUNS`. */
const numRuns = Number(process.env['KINFUZZ_RUNS'] ?? 2000);
const slowestMs = 1000;

const splinters = ['if', 'endif', 'menu "', 'endmenu', 'choice', 'endchoice', '\n', '\\\n', '"', "'", '$(', ')', '$(shell,x)', '&&', '!', '\0', '\u00ff', '\t', '#', 'help\n', 'source "Kconfig"\n', '= ', '+=', ':=', 'select ', 'default ', '(', 'modules\n'];

/** Cuts, doubles and splices a text in a few places. */
function mutated(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const mutation = fc.record({ at: fc.nat(), length: fc.nat({ max: 12 }), insert: fc.constantFrom('', ...splinters) });
  return fc.tuple(text, fc.array(mutation, { minLength: 1, maxLength: 5 })).map(([source, mutations]) =>
    mutations.reduce((current, { at, length, insert }) => {
      const start = at % (current.length + 1);
      return current.slice(0, start) + insert + current.slice(start + length);
    }, source),
  );
}

function attempt(text: string): Model | KconfigError {
  const start = performance.now();
  try {
    return parseTiny(text).model;
  } catch (error) {
    if (!(error instanceof KconfigError)) throw error;
    expect(error.place?.file).toBe('Kconfig');
    return error;
  } finally {
    expect(performance.now() - start).toBeLessThan(slowestMs);
  }
}

describe('mutated inputs', () => {
  it('of Kconfig give a model or a mistake with a place', () => {
    fc.assert(
      fc.property(mutated(kconfigText), (text) => {
        expect(attempt(text)).toBeDefined();
      }),
      { numRuns },
    );
  }, 600_000);

  it('of .config give a configuration', () => {
    const { model } = parseTiny('config S0\n\tbool "a"\nconfig S1\n\tint "b"\n\trange 1 5\nconfig S2\n\tstring "c"\n');
    const resolver = new Resolver(model);
    fc.assert(
      fc.property(mutated(configText), (text) => {
        expect(resolver.resolveText(text).config).toContain('Main menu');
      }),
      { numRuns },
    );
  }, 600_000);
});

describe('hostile inputs', () => {
  it.each([
    ['a line of 10 MB', `config A\n\tbool "${'x'.repeat(10_000_000)}"\n`],
    ['a condition of 10 MB', `config A\n\tbool "a"\n\tdepends on ${'B && '.repeat(2_000_000)}B\n`],
    ['deep parentheses', `config A\n\tbool "a"\n\tdepends on ${'('.repeat(100_000)}B${')'.repeat(100_000)}\n`],
    ['deep blocks', 'if A\n'.repeat(100_000)],
    ['binary garbage', Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256)).toString('latin1')],
    ['a symbol of 65,536 characters', `config ${'A'.repeat(65_536)}\n\tbool "a"\n`],
    ['exponential macros', `${Array.from({ length: 60 }, (_, index) => `A${index} = $(A${index + 1})$(A${index + 1})\n`).join('')}$(info,$(A0))\n`],
    ['endless macros', 'f = $(f,$(1)x)\n$(info,$(f,x))\n'],
    ['a macro that doubles', `${Array.from({ length: 40 }, (_, index) => `A${index + 1} := $(A${index})$(A${index})\n`).join('').replace(/^/, 'A0 := xxxxxxxx\n')}`],
  ])('%s end in words', (_, text) => {
    const start = performance.now();
    try {
      parseTiny(text);
    } catch (error) {
      expect(error).toBeInstanceOf(KconfigError);
      expect((error as KconfigError).message.length).toBeLessThan(2000);
    }
    expect(performance.now() - start).toBeLessThan(10 * slowestMs);
  }, 60_000);

  it('a file that includes itself is named', () => {
    expect(mistakeIn('source "a"\n', { files: { a: 'source "b"\n', b: 'source "a"\n' } }).report).toBe(
      'Recursive inclusion detected.\nInclusion path:\n  current file : a\n  included from: b:1\n  included from: a:1\n  included from: Kconfig:1\n',
    );
  });
});
