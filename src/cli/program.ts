import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addCorpus } from './commands/corpus.ts';
import { addToolchainCommands } from './commands/doctor.ts';
import { addFuzz } from './commands/fuzz.ts';
import { addKconfigCommands } from './commands/kconfig.ts';
import { addMatrix } from './commands/matrix.ts';
import { addMinimize } from './commands/minimize.ts';
import { addMutants } from './commands/mutants.ts';
import { addNightly } from './commands/nightly.ts';
import { addReport } from './commands/report.ts';
import { addRepro } from './commands/repro.ts';
import { addSample } from './commands/sample.ts';
import { top } from './options.ts';

const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };

/** All commands; `finish` takes their exit codes. */
export function makeProgram(finish: (code: number) => void): Command {
  const program = new Command('kinfuzz')
    .description("config-space fuzzer for the Linux kernel's inlining of C helpers into Rust (CONFIG_RUST_INLINE_HELPERS)")
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells what there is)');
  addFuzz(program, finish);
  addRepro(program, finish);
  addMinimize(program, finish);
  addCorpus(program, finish);
  addNightly(program, finish);
  addReport(program, finish);
  addSample(program, finish);
  addMatrix(program, finish);
  addMutants(program, finish);
  addToolchainCommands(program, finish);
  addKconfigCommands(program, finish);
  for (const command of program.commands) command.exitOverride();
  return program;
}
