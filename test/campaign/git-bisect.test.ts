import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bisectCommits, type CommitState } from '../../src/campaign/git-bisect.ts';

type Commit = { hash: string; state: CommitState };

/** A history in which each commit says itself what it is. */
function makeHistory(states: readonly CommitState[]): { repository: string; commits: Commit[] } {
  const repository = mkdtempSync(join(tmpdir(), 'kinfuzz-history-'));
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@mail.example', ...args], { encoding: 'utf8' }).trim();
  git('init', '--quiet');
  const commits = states.map((state, index) => {
    writeFileSync(join(repository, 'state'), `${state}\n${index}\n`);
    git('add', '.');
    git('commit', '--quiet', '-m', `commit ${index}`);
    return { hash: git('rev-parse', 'HEAD'), state };
  });
  return { repository, commits };
}

const bisect = (repository: string, good: string, bad: string) => bisectCommits({
  repository, good, bad, place: join(repository, '..', `${repository.split('/').at(-1)}-work`), signal: new AbortController().signal,
  judge: async (tree) => readFileSync(join(tree, 'state'), 'utf8').split('\n')[0] as CommitState,
});

test('finds the first bad commit, whatever cannot be tested before it', async () => {
  const history = fc.record({ good: fc.integer({ min: 1, max: 8 }), bad: fc.integer({ min: 1, max: 8 }), skipped: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }) });
  await fc.assert(fc.asyncProperty(history, async ({ good, bad, skipped }) => {
    const states = [...Array<CommitState>(good).fill('good'), ...Array<CommitState>(bad).fill('bad')].map((state, index, all) => (index > 0 && index < all.length - 1 && skipped.includes(index) ? 'skip' : state));
    const { repository, commits } = makeHistory(states);
    const result = await bisect(repository, commits[0]?.hash ?? '', commits.at(-1)?.hash ?? '');
    // What was skipped right before the first bad commit that could be tested may be the one as well.
    const seen = states.indexOf('bad');
    const from = states.slice(0, seen).lastIndexOf('good') + 1;
    expect(result.first.toSorted()).toEqual(commits.slice(from, seen + 1).map(({ hash }) => hash).sort());
    expect(result.tested.length).toBeLessThanOrEqual(states.length);
  }), { numRuns: 6 });
});

describe('what is said of the ends has to be so', () => {
  const { repository, commits } = makeHistory(['good', 'bad', 'good', 'skip']);
  const hashes = commits.map(({ hash }) => hash);

  test.each([
    ['a bad commit that is good', 0, 2, 'BAD_PASSES'],
    ['a good commit that is bad', 1, 1, 'GOOD_FAILS'],
    ['a bad commit that cannot be tested', 0, 3, 'END_UNTESTED'],
  ])('%s', async (_, good, bad, code) => {
    await expect(bisect(repository, hashes[good] ?? '', hashes[bad] ?? '')).rejects.toMatchObject({ code });
  });

  test('a commit that is not there, and a place that is no repository', async () => {
    await expect(bisect(repository, 'no-such-tag', hashes[1] ?? '')).rejects.toMatchObject({ code: 'UNKNOWN_COMMIT' });
    await expect(bisect(mkdtempSync(join(tmpdir(), 'kinfuzz-none-')), 'a', 'b')).rejects.toMatchObject({ code: 'NO_REPOSITORY' });
  });
});

test('what is checked out stays as it is, and nothing is left behind', async () => {
  const { repository, commits } = makeHistory(['good', 'good', 'bad', 'bad']);
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
  writeFileSync(join(repository, 'state'), 'changed\n');
  writeFileSync(join(repository, '.git', 'hooks', 'post-checkout'), `#!/bin/sh\ntouch ${repository}/hooked\n`, { mode: 0o755 });
  const before = git('log', '-1', '--format=%H %D');
  expect((await bisect(repository, commits[0]?.hash ?? '', 'HEAD')).first).toEqual([commits[2]?.hash]);
  expect(readFileSync(join(repository, 'state'), 'utf8')).toBe('changed\n');
  expect(git('log', '-1', '--format=%H %D')).toBe(before);
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  expect(git('for-each-ref', 'refs/bisect')).toBe('');
  expect(existsSync(join(repository, 'hooked'))).toBe(false);
});
