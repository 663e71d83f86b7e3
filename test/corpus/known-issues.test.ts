import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadKnownIssues, parseKnownIssues } from '../../src/corpus/known-issues.ts';
import { formatUserError, UserError } from '../../src/util/errors.ts';
import { mangled } from './mail.ts';

/** As many as one likes: `KINFUZZ_RUNS=100000`. */
const numRuns = Number(process.env['KINFUZZ_RUNS'] ?? 400);
const timeout = Math.max(60_000, numRuns * 30);

const good = `issues:
  - name: one
    signatures: [builds:1a2b3c4d]
    arches: [arm64]
    since: "7.1"
    needs: { WERROR: y }
    reason: it is so
    expires: "2027-05-31"
`;

function complaintOf(text: string) {
  try {
    parseKnownIssues(text, 'known.yaml');
  } catch (error) {
    if (error instanceof UserError) return `${error.place?.file}:${error.place?.line}:${error.place?.column}: ${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

test('a whole entry', () => {
  expect(parseKnownIssues(good, 'known.yaml')).toEqual([{ name: 'one', signatures: ['builds:1a2b3c4d'], arches: ['arm64'], since: '7.1', before: null, needs: { WERROR: 'y' }, reason: 'it is so', link: null, expires: '2027-05-31' }]);
});

test('the project’s own file can be read, and nothing in it is forgotten', async () => {
  const { issues } = await loadKnownIssues('corpus/known-issues.yaml', '2026-11-22');
  expect(issues.every(({ expires }) => expires !== null)).toBe(true);
});

test('an entry counts until its last day', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kinfuzz-known-')), 'known.yaml');
  writeFileSync(file, good);
  expect(await loadKnownIssues(file, '2027-05-31')).toMatchObject({ issues: [{ name: 'one' }], expired: [] });
  expect(await loadKnownIssues(file, '2027-06-01')).toEqual({ issues: [], expired: ['one'] });
  await expect(loadKnownIssues(`${file}.none`, '2027-06-01')).rejects.toThrow('there is no such file');
});

describe('mistakes are told with their place', () => {
  test.each([
    ['a version that YAML reads as a number', good.replace('"7.1"', '7.1'), 'known.yaml:5:12: KNOWN_SHAPE: issues.0.since: Invalid type: Expected string but received 7.1'],
    ['a signature of no property', good.replace('builds:1a2b3c4d', 'builds'), 'known.yaml:3:18: KNOWN_SHAPE: issues.0.signatures.0: a signature is wanted, as a run prints it: property:1a2b3c4d, with * for any characters'],
    ['an option by its long name', good.replace('{ WERROR', '{ CONFIG_WERROR'), 'known.yaml:6:29: KNOWN_SHAPE: issues.0.needs.CONFIG_WERROR: a symbol is wanted, without CONFIG_'],
    ['a value that no option has', good.replace('WERROR: y', 'WERROR: on'), 'known.yaml:6:22: KNOWN_SHAPE: issues.0.needs.WERROR: y, m or n is wanted'],
    ['a word that is none', good.replace('reason', 'reasons'), 'KNOWN_SHAPE'],
    ['a name twice', `${good}${good.replace('issues:\n', '')}`, 'known.yaml:9:11: KNOWN_SHAPE: issues.1.name: one is there already'],
    ['no YAML', 'issues: [', 'KNOWN_SYNTAX'],
    ['an alias of nothing', good.replace('one', '*one'), 'known.yaml:2:11: KNOWN_SYNTAX: Unresolved alias'],
  ])('%s', (_, text, expected) => {
    expect(complaintOf(text)).toContain(expected);
  });

  test('whatever is done to a file, it is read or refused in one clear error', () => {
    let read = 0;
    let refused = 0;
    fc.assert(fc.property(mangled(Buffer.from(good)), (bytes) => {
      try {
        expect(parseKnownIssues(bytes.toString(), 'known.yaml').every(({ signatures, reason }) => signatures.length > 0 && reason !== '')).toBe(true);
        read += 1;
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(formatUserError(error)).toMatch(/^KNOWN_(?:SYNTAX|SHAPE) known\.yaml:\d+:\d+: .{5}/u);
        // Nothing that a terminal would obey.
        expect(formatUserError(error)).not.toMatch(/[^\P{Cc}\t\n]/u);
        refused += 1;
      }
    }), { numRuns });
    expect(Math.min(read, refused)).toBeGreaterThan(0);
  }, timeout);
});
