import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { runConfProcess } from '../kconfig/conf-main.ts';
import { addKconfigCommands } from './commands/kconfig.ts';
import { addToolchainCommands } from './commands/doctor.ts';
import { addCorpus } from './commands/corpus.ts';
import { addFuzz } from './commands/fuzz.ts';
import { addMatrix } from './commands/matrix.ts';
import { addMinimize } from './commands/minimize.ts';
import { addNightly } from './commands/nightly.ts';
import { addReport } from './commands/report.ts';
import { addMutants } from './commands/mutants.ts';
import { addRepro } from './commands/repro.ts';
import { addSample } from './commands/sample.ts';
import { exitCodes, reportError } from './exit-codes.ts';
import { endAllCommands } from '../util/process.ts';
import { top } from './options.ts';

const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };

const program = new Command('kinfuzz')
  .description("config-space fuzzer for the Linux kernel's inlining of C helpers into Rust (CONFIG_RUST_INLINE_HELPERS)")
  .version(version)
  .exitOverride()
  .showHelpAfterError('(--help tells what there is)');

// Whoever reads our output may go away: that is a wish to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.kill(process.pid, 'SIGTERM'));
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    endAllCommands();
    process.exit(reportError(error));
  });
}

let code: number = exitCodes.clean;
const finish = (result: number) => {
  code = result;
};
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

try {
  // conf has its own options, messages and exit codes; what follows the word is its alone.
  if (process.argv[2] === 'conf') process.exit(await runConfProcess(process.argv.slice(3), 'conf'));
  await program.parseAsync();
} catch (error) {
  // commander has told its own errors already.
  code = error instanceof CommanderError ? (error.exitCode === 0 ? exitCodes.clean : exitCodes.user) : reportError(error);
}
process.exit(code);
