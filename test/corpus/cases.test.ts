import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CaseState, formatCase, isOver, loadCases, parseCase } from '../../src/corpus/cases.ts';
import { UserError } from '../../src/util/errors.ts';
import { anyCase, goodCase, parsedCase } from './arbitrary.ts';

const runs = { numRuns: Number(process.env['KINFUZZ_RUNS'] ?? 300) };
const timeout = 60_000 + runs.numRuns * 20;

function complaintOf(text: string, file = 'one.yaml') {
  try {
    parseCase(text, file);
  } catch (error) {
    if (error instanceof UserError) return `${error.place?.file}:${error.place?.line}:${error.place?.column}: ${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('a whole case, word for word', () => {
  expect(parsedCase()).toMatchObject({ name: 'one', state: 'known', arch: 'arm64', passes: ['twin'], seen: [{ version: '7.3.4' }], gone: [{ tree: 'my-tree' }], links: ['reports/page.md'] });
  expect(formatCase(parsedCase())).toBe(goodCase);
});

test.each<[string, CaseState, (string | null)[], (string | null)[], boolean]>([
  ['seen and then gone', 'fixed', ['7.2'], ['7.3'], true],
  ['never seen, and gone', 'fixed', [], ['7.3'], true],
  ['back on a later version', 'fixed', ['7.2', '7.10'], ['7.9'], false],
  ['back on a later version, and gone again', 'fixed', ['7.4', '7.2'], ['7.3', '7.5-rc1'], true],
  ['seen and gone on one version', 'fixed', ['7.3'], ['7.3'], false],
  ['seen where there are no versions', 'fixed', [null], ['7.3'], true],
  ['not gone anywhere', 'fixed', ['7.2'], [], false],
  ['of another state', 'known', ['7.2'], ['7.3'], false],
])('whether a case that was %s is over', (_, state, seen, gone, expected) => {
  const at = (versions: (string | null)[]) => versions.map((version) => ({ tree: 'linux', fingerprint: '00000000', toolchain: 'host', ...(version === null ? {} : { version }) }));
  expect(isOver({ state, seen: at(seen), gone: at(gone) })).toBe(expected);
});

test('whatever a case says, it is read as it was written', () => {
  fc.assert(fc.property(anyCase, (one) => {
    expect(parseCase(formatCase(one), `${one.name}.yaml`)).toEqual(one);
  }), runs);
}, timeout);

test('the project’s own cases can be read, are written as they are read, and say where to read more', async () => {
  const cases = await loadCases('corpus');
  expect(cases.length).toBeGreaterThan(5);
  for (const one of cases) {
    expect(readFileSync(join('corpus', 'cases', `${one.name}.yaml`), 'utf8')).toBe(formatCase(one));
    for (const link of one.links) if (!link.includes(':')) expect(readFileSync(link, 'utf8')).not.toBe('');
  }
});

describe('mistakes are told with their place', () => {
  test.each([
    ['a state that is none', goodCase.replace('known', 'gone'), 'one.yaml:2:8: CASE_SHAPE: state: Invalid type'],
    ['a line that assigns nothing', goodCase.replace('="-#1"', ''), 'one.yaml:8:14: CASE_SHAPE: assignments: each line is CONFIG_NAME=value or # CONFIG_NAME is not set'],
    ['a symbol twice', goodCase.replace('LOCALVERSION', 'DEBUG'), 'one.yaml:8:14: CASE_SHAPE: assignments: a symbol is named twice'],
    ['a signature with a pattern', goodCase.replace('1a2b3c4d', '*'), 'one.yaml:3:12: CASE_SHAPE: signature: a signature is wanted'],
    ['a fingerprint that YAML reads as a number', goodCase.replace('"01234567"', '01234567'), 'one.yaml:15:18: CASE_SHAPE: seen.0.fingerprint: Invalid type'],
    ['a damaged seed', goodCase.replace(/(kf2_.*)./, '$1'), 'one.yaml:19:11: CASE_SHAPE: seen.0.seed: a seed is wanted, as a run printed it: kf2_…'],
    ['another name than the file’s', goodCase.replace('name: one', 'name: two'), 'one.yaml:1:7: CASE_NAME: the case two is in a file of another name'],
    ['no YAML', goodCase.replace('arch: arm64', 'arch: [arm64'), 'CASE_SYNTAX'],
    ['nothing', '', 'one.yaml:1:1: CASE_SHAPE: the file'],
  ])('%s', (_, text, expected) => {
    expect(complaintOf(text)).toContain(expected);
  });

  test('whatever is done to a file, it is read or refused in words', () => {
    const change = fc.tuple(fc.nat(goodCase.length), fc.nat(12), fc.oneof(fc.string({ maxLength: 6 }), fc.constantFrom('*', '&a', '<<: *a', '!!set', '{', '- ', '\t', '\0', '\u2028', '%', '__proto__: 1\n', 'CONFIG___proto__=y')));
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const text = changes.reduce((now, [at, length, added]) => now.slice(0, at) + added + now.slice(at + length), goodCase);
      expect(complaintOf(text)).toMatch(/^(?:none|one\.yaml:\d+:\d+: CASE_(?:SYNTAX|SHAPE|NAME): .+)/s);
    }), runs);
  }, timeout);

  test('a folder in the place of a file', async () => {
    const corpus = mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-'));
    expect(await loadCases(corpus)).toEqual([]);
    mkdirSync(join(corpus, 'cases', 'x.yaml'), { recursive: true });
    await expect(loadCases(corpus)).rejects.toMatchObject({ name: 'UserError', code: 'CASE_UNREADABLE', place: { file: join(corpus, 'cases', 'x.yaml') } });
  });

  test('a file in the place of a corpus', async () => {
    const corpus = join(mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-')), 'notes.txt');
    expect(await loadCases(corpus)).toEqual([]);
    writeFileSync(corpus, '');
    await expect(loadCases(corpus)).rejects.toMatchObject({ name: 'UserError', code: 'CASE_UNREADABLE', place: { file: join(corpus, 'cases') } });
  });

  test('bytes that are no text', async () => {
    const corpus = mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-'));
    mkdirSync(join(corpus, 'cases'));
    writeFileSync(join(corpus, 'cases', 'x.yaml'), Buffer.from([0xff, 0xfe, 0, 1, 2, 255]));
    await expect(loadCases(corpus)).rejects.toMatchObject({ name: 'UserError' });
  });
});
