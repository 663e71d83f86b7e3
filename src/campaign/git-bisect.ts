import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError, UserError } from '../util/errors.ts';
import { type CommandResult, formatExit, hasSucceeded, lastLines, runCommand } from '../util/process.ts';

/** What `git bisect run` calls 0, 1 and 125. */
export type CommitState = 'good' | 'bad' | 'skip';

/** How a search in a history ended. `first`: the first bad commit; several where those between could not be tested. */
export type HistoryBisection = { first: string[]; tested: { commit: string; subject: string; state: CommitState }[] };

export type HistoryPlan = {
  /** A git repository, or a place in one. It is read, and given a worktree of its own; what is checked out in it stays. */
  repository: string;
  good: string;
  bad: string;
  /** An empty host directory for the worktree; gone afterwards. */
  place: string;
  signal: AbortSignal;
  /** What a tree that was checked out shows. */
  judge: (tree: string, commit: { hash: string; subject: string }) => Promise<CommitState>;
};

const timeoutMs = 20 * 60_000;

/**
 * Has git bisect a history: both ends are judged first, since a search between ends that are not what they are said to be
 * finds something at random.
 *
 * @throws UserError `NO_REPOSITORY`, `UNKNOWN_COMMIT`, `GOOD_FAILS`, `BAD_PASSES`, `END_UNTESTED`
 */
export async function bisectCommits({ repository, good, bad, place, signal, judge }: HistoryPlan): Promise<HistoryBisection> {
  const git = (directory: string, ...args: string[]) => runGit(directory, signal, args);
  if (!hasSucceeded((await git(repository, 'rev-parse', '--git-dir')).exit)) throw new UserError({ code: 'NO_REPOSITORY', message: `${repository} is no git repository`, hint: 'name a clone of the kernel with --tree' });
  const resolveCommit = async (name: string) => {
    const { exit, stdout } = await git(repository, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
    if (!hasSucceeded(exit)) throw new UserError({ code: 'UNKNOWN_COMMIT', message: `${repository} has no commit ${name}` });
    return stdout.trim();
  };
  const ends = { good: await resolveCommit(good), bad: await resolveCommit(bad) };
  const tree = join(place, 'tree');
  await mkdir(place, { recursive: true });
  await mustGit(repository, signal, ['worktree', 'add', '--quiet', '--detach', tree, ends.bad]);
  const tested: HistoryBisection['tested'] = [];
  const judgeHead = async () => {
    signal.throwIfAborted();
    const [hash = '', subject = ''] = (await mustGit(tree, signal, ['log', '-1', '--format=%H%n%s'])).split('\n');
    const state = await judge(tree, { hash, subject });
    tested.push({ commit: hash, subject, state });
    return state;
  };
  try {
    await requireState(await judgeHead(), 'bad', bad);
    await mustGit(tree, signal, ['checkout', '--quiet', '--detach', ends.good]);
    await requireState(await judgeHead(), 'good', good);
    await mustGit(tree, signal, ['bisect', 'start', ends.bad, ends.good]);
    const known = new Map(tested.map(({ commit, state }) => [commit, state]));
    for (;;) {
      const head = (await mustGit(tree, signal, ['rev-parse', 'HEAD'])).trim();
      const state = known.get(head) ?? (await judgeHead());
      const { exit, stdout, stderr } = await git(tree, 'bisect', state);
      const first = readEnd(stdout);
      if (first.length > 0) return { first, tested };
      if (!hasSucceeded(exit)) throw new InfraError('TOOL_FAILED', `git bisect ${state} ${formatExit(exit)}: ${lastLines(stderr || stdout, 5)}`);
    }
  } finally {
    await git(repository, 'worktree', 'remove', '--force', tree);
    await rm(place, { recursive: true, force: true });
    await git(repository, 'worktree', 'prune');
  }
}

async function requireState(state: CommitState, wanted: 'good' | 'bad', name: string): Promise<void> {
  if (state === wanted) return;
  if (state === 'skip') throw new UserError({ code: 'END_UNTESTED', message: `${name}, which should be ${wanted}, cannot be tested`, hint: 'name another commit' });
  if (wanted === 'bad') throw new UserError({ code: 'BAD_PASSES', message: `the failure does not show at ${name}, which should be bad`, hint: 'name a commit at which it does' });
  throw new UserError({ code: 'GOOD_FAILS', message: `the failure shows at ${name} already, which should be good`, hint: 'name an earlier commit' });
}

/** The commits that git ends with. */
function readEnd(stdout: string): string[] {
  const one = /^([0-9a-f]{40,64}) is the first .* ?commit/m.exec(stdout)?.[1];
  if (one !== undefined) return [one];
  if (!/only 'skip'ped commits left to test/.test(stdout)) return [];
  return stdout.split('\n').filter((line) => /^[0-9a-f]{40,64}$/.test(line.trim())).map((line) => line.trim());
}

/** Hooks of the repository are not run. */
function runGit(directory: string, signal: AbortSignal, args: readonly string[]): Promise<CommandResult> {
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/', LC_ALL: 'C' };
  return runCommand({ argv: ['git', '-c', 'core.hooksPath=/dev/null', '-c', 'advice.detachedHead=false', '-C', directory, ...args], sandbox: { kind: 'none', env, cwd: '/' }, timeoutMs, signal });
}

async function mustGit(directory: string, signal: AbortSignal, args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await runGit(directory, signal, args);
  if (hasSucceeded(exit)) return stdout;
  throw new InfraError('TOOL_FAILED', `git ${args[0]} ${formatExit(exit)}: ${lastLines(stderr || stdout, 5)}`);
}
