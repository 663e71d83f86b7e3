import { CommanderError } from 'commander';
import { runConfProcess } from '../kconfig/conf-main.ts';
import { exitCodes, reportError } from './exit-codes.ts';
import { endAllCommands } from '../util/process.ts';
import { makeProgram } from './program.ts';

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
const program = makeProgram(finish);

try {
  // conf has its own options, messages and exit codes; what follows the word is its alone.
  if (process.argv[2] === 'conf') process.exit(await runConfProcess(process.argv.slice(3), 'conf'));
  await program.parseAsync();
} catch (error) {
  // commander has told its own errors already.
  code = error instanceof CommanderError ? (error.exitCode === 0 ? exitCodes.clean : exitCodes.user) : reportError(error);
}
process.exit(code);
