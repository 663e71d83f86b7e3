import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTools } from '../tree/probe-tools.ts';
import type { Toolchain } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { freeBytes, writeAtomic } from '../util/files.ts';

/** Less free space than this, and a build is not begun. */
export const neededBytes = 1024 ** 3;
/** With less than this, what was written last may not be whole. */
export const fullBytes = neededBytes / 16;

/**
 * Whether this is still the machine that the run began on: its tools are there, its disk can be written. Not every tool says what it
 * lacks (of a pipe nobody hears the first), so before anything is held against a tree this is asked.
 *
 * @throws InfraError `TOOL_MISSING`, `TOOL_CHANGED`, `DISK_FULL`; the file system's own error
 */
export async function requireSound({ toolchain, work, signal }: { toolchain: Toolchain; work: string; signal: AbortSignal }): Promise<void> {
  await requireSpace(work, fullBytes);
  const probe = join(work, 'sound');
  await writeAtomic(probe, 'as a build would write it');
  await rm(probe);
  await requireTools(toolchain, signal);
}

/** @throws InfraError `DISK_FULL`: what is written there now may not be whole */
export async function requireSpace(directory: string, bytes: number): Promise<void> {
  const free = await freeBytes(directory);
  if (free < bytes) throw new InfraError('DISK_FULL', `${Math.round(free / 1024 ** 2)} MiB are free at ${directory}, ${Math.round(bytes / 1024 ** 2)} are needed`);
}
