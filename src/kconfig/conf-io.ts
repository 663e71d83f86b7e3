import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileReader } from './includes.ts';
import type { Output } from './output.ts';

/** The process that `conf` thinks it is: its directory, environment, streams. */
export type ConfIo = {
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** Name of the program in messages. */
  program: string;
  output: Output;
  /** The next line of standard input with its newline, one character a byte; null at the end. */
  readLine(): string | null;
  /** Whether both standard input and output are a terminal. */
  isTerminal: boolean;
  /** A seed for `--randconfig` where the environment has none. */
  drawSeed(): number;
};

/** Reads files by name: in the directory first, then below `$srctree` (scripts/kconfig/lexer.l: zconf_fopen). */
export function readerOf(directory: string, srctree: string | undefined): FileReader {
  return (name) => {
    const own = readBytes(resolve(directory, name));
    if (own !== null || isAbsolute(name) || srctree === undefined) return own;
    return readBytes(resolve(directory, srctree, name));
  };
}

/** A file's bytes as characters, or null where it cannot be read. */
export function readBytes(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function writeBytes(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, 'latin1');
}

/** Writes a neighbour first and then takes its place, so that nobody sees half a file. */
export function replaceBytes(path: string, text: string): void {
  writeBytes(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

/** Keeps the old file as `path.old`. */
export function replaceKeepingOld(path: string, text: string): void {
  const temporary = join(dirname(path), `.tmp-config-${process.pid}`);
  writeBytes(temporary, text);
  if (statSync(path, { throwIfNoEntry: false })) renameSync(path, `${path}.old`);
  renameSync(temporary, path);
}
