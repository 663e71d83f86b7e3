import { expect, test } from 'vitest';
import { weigh } from '../../src/minimize/suspicion.ts';

const elements = [['LTO_CLANG_FULL', 'y'], ['SAMPLE_RUST_PRINT', 'm'], ['SAMPLE_RUST_MINIMAL', 'm'], ['DEBUG_FS', 'n'], ['NR_CPUS', '8']].map(([symbol = '', value = '']) => ({ symbol, value }));
const none = { summary: '', words: '', bringing: new Set<string>(), dependencies: new Set<string>(), mentioned: new Set<string>(), passing: [] };
const ranked = (clues: Partial<typeof none> & { passing?: Record<string, string>[] }) => {
  const weights = weigh(elements, { ...none, ...clues });
  return [...weights].sort(([, left], [, right]) => right - left).map(([symbol]) => symbol);
};

test('without clues all are alike', () => {
  expect(new Set(weigh(elements, none).values())).toEqual(new Set([1]));
});

test('what can change the evidence comes first, then what the space is about', () => {
  expect(ranked({ dependencies: new Set(['NR_CPUS']), mentioned: new Set(['DEBUG_FS']) }).slice(0, 2)).toEqual(['NR_CPUS', 'DEBUG_FS']);
});

test('a word of the evidence points at the name that has it, and less at several names', () => {
  expect(ranked({ words: 'samples/rust/rust_print.o: clang -fno-lto' }).slice(0, 2)).toEqual(['LTO_CLANG_FULL', 'SAMPLE_RUST_PRINT']);
  expect(ranked({ words: 'lto-stays-out: rust' })[0]).toBe('LTO_CLANG_FULL');
});

test('what the summary says counts more than the rest of the evidence', () => {
  expect(ranked({ summary: 'kernel.o has debug information', words: 'clang -fno-lto' }).slice(0, 2)).toEqual(['DEBUG_FS', 'LTO_CLANG_FULL']);
});

test('what brings the words of the summary comes first', () => {
  expect(ranked({ bringing: new Set(['NR_CPUS']), dependencies: new Set(['DEBUG_FS']) }).slice(0, 2)).toEqual(['NR_CPUS', 'DEBUG_FS']);
});

test('a value that passed is less suspicious, another value of the same symbol is not', () => {
  const passing = [{ NR_CPUS: '8', SAMPLE_RUST_PRINT: 'y' }, { NR_CPUS: '8' }];
  const weights = weigh(elements, { ...none, passing });
  // What a configuration does not mention is off there.
  expect(Object.fromEntries(weights)).toMatchObject({ NR_CPUS: 1 / 3, SAMPLE_RUST_PRINT: 1, DEBUG_FS: 1 / 3, LTO_CLANG_FULL: 1 });
});
