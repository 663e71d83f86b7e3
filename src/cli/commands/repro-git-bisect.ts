import { join, resolve } from 'node:path';
import { bisectCommits, type CommitState } from '../../campaign/git-bisect.ts';
import { describeRecipe } from '../../corpus/given/read.ts';
import type { Given } from '../../corpus/given/records.ts';
import { parseConfig } from '../../kconfig/config.ts';
import { formatReproduction, outcomeWords } from '../../report/reproduction.ts';
import { KconfigError } from '../../kconfig/errors.ts';
import type { Arch } from '../../tree/records.ts';
import { UserError } from '../../util/errors.ts';
import { failuresOf, type Outcome } from '../../verdict/compare.ts';
import { exitCodes, reportError } from '../exit-codes.ts';
import { commandName, top } from '../options.ts';
import { type ReplayOptions, type ReplayTools, replayGiven } from './repro-run.ts';

/** What `git bisect run` does with an exit code; anything above 127 ends it. */
const codes = { good: 0, bad: 1, skip: 125, stop: 128 } as const;

/** The exit code that git bisect understands; of a mistake that no other commit could mend, one that ends it. */
export function bisectExitOf(outcome: unknown): number {
  if (typeof outcome === 'string') return codes[stateOf(outcome as Outcome)];
  const code = reportError(outcome);
  const isOfTheTree = outcome instanceof KconfigError || (outcome instanceof UserError && /^(?:OPTION_MISSING|NOT_A_KERNEL|SPACE_)/.test(outcome.code));
  return isOfTheTree ? codes.skip : code === 0 ? codes.good : codes.stop;
}

function stateOf(outcome: Outcome): CommitState {
  switch (outcome) {
    case 'same':
    case 'same-failure-other-config':
    case 'fails':
      return 'bad';
    case 'passes-now':
    case 'passes':
      return 'good';
    // What else fails may hide what is looked for.
    case 'another-failure':
    case 'cannot-be-built':
    case 'not-judged':
      return 'skip';
  }
}

type Asked = { given: Given; words: readonly string[]; what: string };
type Options = Omit<ReplayOptions, 'tree'> & { tree: string | null; json?: boolean };

/** Prints the recipe of git bisect for what was given, or with `run GOOD BAD` carries it out; gives the exit code. */
export async function bisectHistory({ given, words, what }: Asked, options: Options, tools: ReplayTools): Promise<number> {
  const isRun = words[0] === 'run';
  const [good, bad, ...more] = isRun ? words.slice(1) : words;
  if (more.length > 0 || (good !== undefined && bad === undefined) || (isRun && bad === undefined)) {
    throw new UserError({ code: 'TWO_WANTED', message: `--git-bisect${isRun ? ' run' : ''} takes two commits, and ${isRun ? words.length - 1 : words.length} are given`, hint: `${commandName} repro WHAT --git-bisect ${isRun ? 'run ' : ''}GOOD BAD` });
  }
  if (!isRun) {
    process.stdout.write(formatRecipe({ given, what, good: good ?? 'GOOD', bad: bad ?? 'BAD', options }));
    return exitCodes.clean;
  }
  if (options.tree === null) throw new UserError({ code: 'TREE_WANTED', message: '--git-bisect run needs a git repository', hint: 'name a clone of the kernel with --tree' });
  return run({ given, good: good ?? '', bad: bad ?? '', tree: options.tree }, options, tools);
}

/** What is pasted into a shell, in a clone of the kernel. */
function formatRecipe({ given, what, good, bad, options }: { given: Given; what: string; good: string; bad: string; options: Options }): string {
  const path = /[/.]/.test(what) && !what.startsWith('kf') ? resolve(what) : what;
  const signature = options.property ?? given.signatures[0];
  const script = given.script === null ? null : resolve(given.script);
  const command = script === null
    ? ['node', join(top, 'bin', 'kinfuzz.js'), 'repro', path, '--tree', '.', '--bisect-exit', ...(signature === undefined ? [] : ['--property', signature]), ...(options.arch === undefined ? [] : ['--arch', options.arch]), ...(options.space === undefined ? [] : ['--space', options.space]), ...(options.passes.length > 0 ? ['--passes', options.passes.join(',')] : [])].map(quoteWord).join(' ')
    // The script says 0 where the failure shows, which git bisect calls good.
    : `sh -c ${quoteWord(`sh ${quoteWord(script)} .; case $? in 0) exit 1;; 1) exit 0;; *) exit 125;; esac`)}`;
  return [
    `# in a clean clone of the kernel; ${describeRecipe(given.recipe)}${signature === undefined ? '' : `, ${signature}`}`,
    'git bisect start',
    `git bisect bad ${quoteWord(bad)}`,
    `git bisect good ${quoteWord(good)}`,
    `git bisect run ${command}`,
    'git bisect reset',
    '',
  ].join('\n');
}

function quoteWord(word: string): string {
  return /^[A-Za-z0-9_./:=,@^~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

async function run({ given, good, bad, tree }: { given: Given; good: string; bad: string; tree: string }, options: Options, tools: ReplayTools): Promise<number> {
  const { setUp, tell } = tools;
  let known = given;
  // A history of the miniature tree is one of its copies.
  const [, prefix = '', repository = tree] = /^(embedded:)(.+)$/.exec(tree) ?? [];
  const { first, tested } = await bisectCommits({
    repository: resolve(repository), good, bad, place: join(setUp.cache, 'work', `${process.pid}-git-bisect`), signal: setUp.signal,
    async judge(directory, { hash, subject }) {
      tell(`${hash.slice(0, 12)} ${subject}`);
      const { reproduction, config, arch } = await replayGiven(known, { ...options, tree: `${prefix}${directory}` }, tools);
      // A seed draws something else from each tree: what failed at the first commit is what the others are asked for.
      if (known === given && config !== null && arch !== null && reproduction.verdict !== null) known = fix(given, failuresOf(reproduction.verdict).map(({ signature }) => signature), config, arch);
      const state = stateOf(reproduction.outcome);
      tell(formatReproduction(reproduction));
      tell(`${hash.slice(0, 12)} is ${state}: ${outcomeWords[reproduction.outcome]}`);
      return state;
    },
  });
  const lines = first.map((hash) => `${hash} ${tested.find(({ commit }) => commit === hash)?.subject ?? ''}`);
  if (options.json) process.stdout.write(`${JSON.stringify({ kind: 'git-bisect', good, bad, first, tested })}\n`);
  else process.stdout.write(`${first.length === 1 ? 'first bad commit' : 'one of these is the first bad commit; the others could not be tested'}:\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}\n${tested.length} commits tested\n`);
  return first.length === 1 ? exitCodes.findings : exitCodes.infra;
}

/** What a commit showed, as what the others are asked for. */
function fix(given: Given, signatures: string[], config: string, arch: Arch): Given {
  const meant = given.signatures.length > 0 ? given.signatures : signatures;
  const assignments = parseConfig(config);
  return { ...given, recipe: given.recipe.kind === 'config' && !given.recipe.isWhole ? given.recipe : { kind: 'config', assignments, isWhole: true }, arch: { kind: 'known', arch }, signatures: meant, config: null };
}
