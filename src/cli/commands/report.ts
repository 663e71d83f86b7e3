import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readJournal } from '../../engine/journal.ts';
import { formatMarkdown, type ReportedRun } from '../../report/markdown.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandName } from '../options.ts';

export function addReport(program: Command, finish: (code: number) => void): void {
  program
    .command('report')
    .description('a page of Markdown about one run, or several of the same space, tree and toolchain')
    .argument('<runs...>', 'their folders')
    .action((directories: string[]) => {
      const runs = directories.map((directory) => readRun(resolve(directory)));
      requireSame(directories, runs);
      process.stdout.write(formatMarkdown(runs, commandName));
      finish(exitCodes.clean);
    });
}

function readRun(directory: string): ReportedRun {
  const journal = readJournal(directory);
  try {
    return { meta: journal.meta, verdicts: journal.verdicts() };
  } finally {
    journal.close();
  }
}

function requireSame(directories: readonly string[], runs: readonly ReportedRun[]): void {
  const keyOf = ({ meta: { space, tree, toolchain } }: ReportedRun) => [space.hash, tree.fingerprint, toolchain.fingerprint].join(' ');
  const stranger = runs.findIndex((run) => keyOf(run) !== keyOf(runs[0] ?? run));
  if (stranger < 0) return;
  throw new UserError({ code: 'RUNS_DIFFER', message: 'this run is of another space, tree or toolchain than the first', place: { file: directories[stranger] ?? '' }, hint: 'make a page for each' });
}
