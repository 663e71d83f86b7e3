import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addToolchainCommands } from './commands/doctor.ts';
import { addFuzz } from './commands/fuzz.ts';
import { addRepro } from './commands/repro.ts';
import { exitCodes, reportError } from './exit-codes.ts';
import { top } from './options.ts';

const { version } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')) as { version: string };

const program = new Command('kinfuzz')
  .description("config-space fuzzer for the Linux kernel's inlining of C helpers into Rust (CONFIG_RUST_INLINE_HELPERS)")
  .version(version)
  .exitOverride()
  .showHelpAfterError('(--help tells what there is)');

let code: number = exitCodes.clean;
const finish = (result: number) => {
  code = result;
};
addFuzz(program, finish);
addRepro(program, finish);
addToolchainCommands(program, finish);
for (const command of program.commands) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  // commander has told its own errors already.
  code = error instanceof CommanderError ? (error.exitCode === 0 ? exitCodes.clean : exitCodes.user) : reportError(error);
}
process.exit(code);
