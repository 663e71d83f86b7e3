import { appendFileSync, cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { placeFinding } from '../../src/campaign/findings.ts';
import { loadCases } from '../../src/corpus/cases.ts';
import { loadPassing, updatePassing } from '../../src/corpus/passing.ts';
import { readJournal } from '../../src/engine/journal.ts';
import { parseRecords, runKinfuzz } from '../support/command.ts';

const home = mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-'));
const corpus = join(home, 'corpus');
const fragment = join(home, 'fragment.config');
writeFileSync(fragment, 'CONFIG_EXPERT=y\nCONFIG_SAMPLE_RUST_MINIMAL=y\n# CONFIG_LTO_CLANG_FULL is not set\n');
const run = (...args: string[]) => runKinfuzz(['corpus', ...args, '--corpus', corpus]).done;

describe('kinfuzz corpus', { timeout: 10 * 60_000 }, () => {
  test('add takes a fragment in, without what the pins say already', async () => {
    const added = await run('add', fragment, '--arch', 'um', '--signature', 'builds:00000000', '--note', 'made up', '--link', 'https://example.org/', '--state', 'known');
    expect(added).toEqual({ code: 0, stdout: 'added builds-00000000-um\n', stderr: '' });
    expect(readFileSync(join(corpus, 'cases', 'builds-00000000-um.yaml'), 'utf8')).toMatchInlineSnapshot(`
      "name: builds-00000000-um
      state: known
      signature: builds:00000000
      arch: um
      space: inline-helpers
      assignments: |
        CONFIG_SAMPLE_RUST_MINIMAL=y
        # CONFIG_LTO_CLANG_FULL is not set
      note: made up
      links:
        - https://example.org/
      "
    `);
    expect(await run('add', fragment, '--arch', 'um', '--signature', 'builds:00000000')).toMatchObject({ code: 0, stdout: 'known already: builds-00000000-um\n' });
    const links = ['--link', 'https://example.org/', '--link', 'https://example.org/mended'];
    const fixed = ['add', fragment, '--arch', 'um', '--signature', 'builds:00000000', '--note', 'mended in 7.4', '--state', 'fixed', ...links];
    expect((await run(...fixed)).stdout).toBe('known already: builds-00000000-um; fixed, was known; note replaced; link added: https://example.org/mended\n');
    expect((await run(...fixed)).stdout).toBe('known already: builds-00000000-um\n');
    expect(await loadCases(corpus)).toMatchObject([{ state: 'fixed', note: 'mended in 7.4', links: ['https://example.org/', 'https://example.org/mended'] }]);
    expect((await run('add', fragment, '--arch', 'um', '--signature', 'builds:00000000', '--state', 'known')).stdout).toBe('known already: builds-00000000-um; known, was fixed\n');
    expect(await run('add', fragment, '--arch', 'arm64', '--signature', 'same-as-without:00000000', '--name', 'twins')).toMatchObject({ code: 0, stdout: 'added twins\n' });
    expect((await loadCases(corpus)).find(({ name }) => name === 'twins')?.passes).toEqual(['twin']);
  });

  test('ls and show tell what there is', async () => {
    expect((await run('ls')).stdout).toMatchInlineSnapshot(`
      "open     twins               same-as-without:00000000 arm64
      known    builds-00000000-um  builds:00000000 um
      2 cases
      "
    `);
    expect((await run('ls', '--state', 'open', '--json')).stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown)).toMatchObject([{ kind: 'case', name: 'twins' }]);
    expect((await run('show', 'twins')).stdout).toBe(readFileSync(join(corpus, 'cases', 'twins.yaml'), 'utf8'));
  });

  test('replay says that it is gone, notes it, and prune forgets it once it is fixed', async () => {
    const { code, stdout } = await run('replay', 'builds-00000000-um', '--write', '--jobs', '1');
    expect(stdout).toBe('builds-00000000-um: gone: builds:00000000 does not show any more\n1 case: 1 gone\n');
    expect(code).toBe(0);
    const file = join(corpus, 'cases', 'builds-00000000-um.yaml');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain('gone:\n  - tree: embedded\n');
    expect(await run('prune')).toMatchObject({ code: 0, stdout: 'nothing to prune\n' });
    writeFileSync(file, text.replace('state: known', 'state: fixed'));
    expect(await run('prune')).toMatchObject({ code: 2, stderr: expect.stringContaining('NOT_CONFIRMED: nothing was removed') });
    expect(await run('prune', '--dry')).toMatchObject({ code: 0, stdout: expect.stringContaining('fixed, and seen to pass:\nfixed    builds-00000000-um') });
    expect(await loadCases(corpus)).toHaveLength(2);
    expect((await run('prune', '--yes')).code).toBe(0);
    expect((await loadCases(corpus)).map(({ name }) => name)).toEqual(['twins']);
    writeFileSync(file, text);
  });

  test('replay names symbols that the tree has no more', async () => {
    writeFileSync(fragment, 'CONFIG_NO_SUCH_THING=y\nCONFIG_RUST_INLINE_HELPERS=y\n');
    await run('add', fragment, '--arch', 'um', '--signature', 'builds:11111111', '--name', 'strange');
    const { code, stdout } = await run('replay', 'strange', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'replay', case: 'strange', outcome: { kind: 'unreachable' }, lost: [{ symbol: 'NO_SUCH_THING', kind: 'gone' }, { symbol: 'RUST_INLINE_HELPERS', effective: 'n', kind: 'impossible', why: expect.stringMatching(/^\S*Kconfig\S*:\d+: /) }] });
    expect(code).toBe(0);
  });

  test('merge unites two, and says how many were new', async () => {
    const other = join(home, 'other');
    expect((await runKinfuzz(['corpus', 'merge', corpus, '--corpus', other]).done).stdout).toBe(`3 read, 3 of them new: 3 in all in ${join(other, 'cases')}\n`);
    expect((await runKinfuzz(['corpus', 'merge', corpus, '--corpus', other]).done).stdout).toContain('0 of them new: 3 in all');
    expect(await loadCases(other)).toEqual(await loadCases(corpus));
  });

  test('fuzz replays its cases first and keeps what passed', async () => {
    const out = join(home, 'runs');
    const { code, stdout, stderr } = await runKinfuzz(['fuzz', '--corpus', corpus, '--arch', 'um', '--runs', '1', '--seed', '5', '--jobs', '1', '--json', '--out', out]).done;
    expect(stderr).not.toContain('unexpected');
    const { verdicts, run: record } = parseRecords(stdout);
    expect(verdicts.map(({ index, seed, verdict }) => [index < 0 ? [index, seed.split('/').at(-1)] : 'drawn', verdict])).toEqual([[[-2, 'builds-00000000-um.yaml'], 'passed'], [[-1, 'strange.yaml'], 'passed'], ['drawn', 'passed']]);
    expect(record).toMatchObject({ corpus, counts: { passed: 3 }, exitCode: 0 });
    expect(stderr).toContain('corpus, 2 cases: 1 gone, 1 not to be had on this tree');
    expect(code).toBe(0);
    expect(await loadPassing(corpus)).toMatchObject([{ arch: 'um', space: 'inline-helpers', choices: verdicts[2]?.choices }]);
    const journal = readJournal(String(record?.['directory']));
    expect(journal.meta.corpus?.replays.map((replay) => replay.case.name)).toEqual(['builds-00000000-um', 'strange']);
    journal.close();
  });

  test('prune --tree forgets configurations whose symbols are gone', async () => {
    const [one] = await loadPassing(corpus);
    if (one === undefined) throw new Error('nothing passed before');
    await updatePassing(corpus, (kept) => [...kept, { ...one, assignments: 'CONFIG_NO_SUCH_THING=y\n', choices: { other: 'y' } }]);
    expect((await run('prune', '--tree', 'embedded', '--dry')).stdout).toContain('passed, but embedded has no NO_SUCH_THING');
    expect((await run('prune', '--tree', 'embedded', '--yes')).code).toBe(0);
    expect(await loadPassing(corpus)).toEqual([one]);
    expect((await run('prune', '--tree', 'embedded')).stdout).toBe('nothing to prune\n');
  });

  test.each([
    ['a case that is none', ['show', 'nobody'], /CASE_UNKNOWN: there is no case "nobody"[^]*there are: builds-00000000-um, strange, twins/],
    ['a state that is none', ['ls', '--state', 'dead'], /"dead" is none of open, known, wontfix, fixed/],
    ['something that is nowhere', ['add', join(home, 'nowhere')], /SOURCE_UNKNOWN .*nowhere: this is no seed, and there is no such file/],
    ['a fragment that does not say what it shows', ['add', fragment], /SOURCE_BARE/],
    ['a signature that is none', ['add', fragment, '--arch', 'um', '--signature', 'builds'], /SIGNATURE_MALFORMED: "builds" is no signature/],
    ['a property that is none', ['add', fragment, '--arch', 'um', '--signature', 'beauty:00000000'], /UNKNOWN_PROPERTY: there is no property beauty/],
    ['a folder of no run', ['add', home], /SOURCE_UNREADABLE .*EISDIR/],
    ['a damaged seed', ['add', 'kf2_inline-helpers.1a2b3c_x'], /SEED_MALFORMED/],
    ['a corpus that is nowhere', ['merge', join(home, 'nowhere')], /CORPUS_UNKNOWN .*nowhere: there is no such corpus/],
  ])('%s is the user’s mistake', async (_, args, pattern) => {
    const { code, stdout, stderr } = await run(...args);
    expect(stderr).toMatch(pattern);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('add takes in what a run has found, by its folder, its seed and the folder of the finding', { timeout: 300_000 }, async () => {
  const tree = join(home, 'tree');
  cpSync('corpus/embedded', tree, { recursive: true });
  appendFileSync(join(tree, 'rust/helpers/bug.c'), '#error broken\n');
  const out = join(home, 'failed');
  const { stdout } = await runKinfuzz(['fuzz', '--tree', `embedded:${tree}`, '--arch', 'x86_64', '--runs', '1', '--seed', '5', '--minimize', 'off', '--json', '--out', out]).done;
  const { verdicts: [verdict], run: record } = parseRecords(stdout);
  const signature = verdict?.failures[0]?.signature ?? '';
  expect(signature).toMatch(/^builds:/);
  const directory = String(record?.['directory']);
  const added = await Promise.all([directory, verdict?.seed ?? '', placeFinding(directory, signature)].map(async (what, index) => {
    const place = join(home, `added-${index}`);
    const { code, stderr } = await runKinfuzz(['corpus', 'add', what, '--out', out, '--corpus', place]).done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return loadCases(place);
  }));
  expect(added[0]).toMatchObject([{ signature, arch: 'x86_64', state: 'open', space: 'inline-helpers', seen: [{ toolchain: 'host', seed: verdict?.seed }] }]);
  expect(added).toEqual([added[0], added[0], added[0]]);
});
