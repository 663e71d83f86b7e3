import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommand } from './process.ts';

/**
 * A GNU make jobserver (make 4.4's named pipe) that all builds in flight share: as many tokens as processors. A build
 * takes one token for itself before it starts, since each make runs one job without asking.
 */
export type Jobserver = { directory: string; fifo: string; slots: number };

/** Makes the pipe in a new directory and fills it. */
export async function openJobserver(directory: string, slots: number): Promise<{ jobserver: Jobserver; close: () => Promise<void>; refill: () => void }> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const fifo = join(directory, 'fifo');
  const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
  await readCommand({ argv: ['mkfifo', fifo], sandbox: { kind: 'none', env, cwd: directory }, timeoutMs: 10_000 });
  // Held open for reading and writing: tokens live in the pipe only as long as someone has it open.
  const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const refill = () => {
    while (takeToken(descriptor));
    writeSync(descriptor, '+'.repeat(slots));
  };
  refill();
  return {
    jobserver: { directory, fifo, slots },
    refill,
    close: async () => {
      closeSync(descriptor);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Runs a task while holding one of the jobserver's tokens. */
export async function holdToken<T>({ fifo }: Jobserver, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
  const descriptor = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    while (!takeToken(descriptor)) await sleep(100, undefined, { signal });
    try {
      return await task();
    } finally {
      writeSync(descriptor, '+');
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The value of MAKEFLAGS that makes a top-level make a client of the jobserver whose pipe it sees at `fifo`. */
export function formatMakeFlags(fifo: string, slots: number): string {
  return ` -j${slots} --jobserver-auth=fifo:${fifo}`;
}

function takeToken(descriptor: number): boolean {
  try {
    return readSync(descriptor, Buffer.alloc(1)) === 1;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return false;
    throw error;
  }
}
