import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runConf } from '../../src/kconfig/conf-command.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';

export type ConfOutcome = { code: number; stdout: string; stderr: string; files: Record<string, string> };

/** Runs {@link runConf} in a folder of its own, which holds these files at the start. */
export async function runConfIn(
  files: Record<string, string>, argv: readonly string[], { environment = {}, input = '' }: { environment?: Record<string, string>; input?: string } = {},
): Promise<ConfOutcome> {
  return inFolder(files, async (directory) => {
    const output = new KeptOutput();
    const lines = input.match(/[^\n]*\n|[^\n]+$/g) ?? [];
    const code = await runConf(argv, {
      directory, environment: { PATH: process.env['PATH'] ?? '', srctree: '.', ...environment }, program: 'conf', output,
      readLine: () => lines.shift() ?? null, isTerminal: false, drawSeed: () => 1,
    });
    return { code, stdout: output.out, stderr: output.err, files: readFolder(directory) };
  });
}

/** Makes a folder with files, and takes it away again. */
export async function inFolder<T>(files: Record<string, string>, use: (directory: string) => T | Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-conf-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), text, 'latin1');
    }
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** All files below a folder, by their relative names. */
export function readFolder(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(files.map((name) => [name, readFileSync(join(directory, name), 'latin1')]));
}
