import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifacts } from '../../src/artifact/open.ts';
import type { ArtifactReader } from '../../src/artifact/reader.ts';
import { enterToolchain } from '../../src/tree/enter.ts';
import { findHostToolchain } from '../../src/tree/host.ts';
import type { Toolchain } from '../../src/tree/records.ts';
import { readCommand } from '../../src/util/process.ts';

/** A directory of tiny inputs, the real tools to compile them, and the reader under test. */
export type Tiny = {
  directory: string;
  toolchain: Toolchain;
  reader: ArtifactReader;
  write: (path: string, text: string | Uint8Array) => Promise<void>;
  run: (...argv: string[]) => Promise<string>;
  remove: () => Promise<void>;
};

export async function openTiny(): Promise<Tiny> {
  const toolchain = await findHostToolchain({ isSandboxed: true, signal: new AbortController().signal });
  const directory = await mkdtemp(join(tmpdir(), 'kinfuzz-tiny-'));
  const sandbox = enterToolchain(toolchain, { source: null, objtree: directory });
  return {
    directory,
    toolchain,
    reader: openArtifacts({ objtree: directory }, toolchain),
    write: (path, text) => writeFile(join(directory, path), text),
    run: (...argv) => readCommand({ argv, sandbox, timeoutMs: 60_000 }),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}
