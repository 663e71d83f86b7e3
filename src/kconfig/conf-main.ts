import { readSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { randomInt } from 'node:crypto';
import { runConf } from './conf-command.ts';
import type { ConfIo } from './conf-io.ts';

/** Runs {@link runConf} as this process, in the place of `scripts/kconfig/conf`. */
export async function runConfProcess(argv: readonly string[], program: string): Promise<number> {
  const io: ConfIo = {
    directory: process.cwd(),
    environment: Object.fromEntries(
      Object.entries(process.env).map(([name, value]) => [name, Buffer.from(value ?? '').toString('latin1')]),
    ),
    program,
    output: { stdout: (text) => writeAll(1, text), stderr: (text) => writeAll(2, text) },
    readLine: lineReader(),
    isTerminal: isatty(0) && isatty(1),
    drawSeed: () => randomInt(2 ** 32),
  };
  return runConf(argv, io);
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, 'latin1');
  for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
}

/** Reads standard input as it is needed and not further than it is there. */
function lineReader(): () => string | null {
  const chunk = Buffer.alloc(4096);
  let pending = '';
  let hasEnded = false;
  return () => {
    while (!hasEnded && !pending.includes('\n')) {
      const count = readSync(0, chunk, 0, chunk.length, null);
      hasEnded = count === 0;
      pending += chunk.toString('latin1', 0, count);
    }
    if (pending === '') return null;
    const newline = pending.indexOf('\n');
    const line = newline < 0 ? pending : pending.slice(0, newline + 1);
    pending = pending.slice(line.length);
    return line;
  };
}

if (import.meta.main) process.exitCode = await runConfProcess(process.argv.slice(2), 'conf');
