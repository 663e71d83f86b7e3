import { homedir } from 'node:os';
import { join } from 'node:path';

/** kinfuzz's cache folder: toolchain roots, sources, probes. Big, shared by runs, safe to delete between runs. */
export function locateCache(environment: Record<string, string | undefined>): string {
  const base = environment['XDG_CACHE_HOME'];
  return join(base !== undefined && base !== '' ? base : join(homedir(), '.cache'), 'kinfuzz');
}

/** Tells the user, in one line, what takes time and why. */
export type Say = (line: string) => void;

/** What set-up work may do. Made whole at the command line. */
export type SetUp = {
  cache: string;
  /** False: missing things are reported with the commands that would install them (`KINFUZZ_NO_INSTALL=1`). */
  mayInstall: boolean;
  /** Debian mirror given by the user, or null: the one of the host's apt sources. */
  mirror: string | null;
  say: Say;
  signal: AbortSignal;
};
