import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InfraError } from './errors.ts';
import { makeDirectory } from './files.ts';

/** How long another process may hold a lock before it counts as stuck, in milliseconds. */
const patienceMs = 60_000;

const queues = new Map<string, Promise<unknown>>();

/**
 * Does something that no other process does meanwhile, nor this one elsewhere. The lock is SQLite's on an empty database: it
 * goes with its holder, however that ends. @throws InfraError `LOCK_BUSY`
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(file) ?? Promise.resolve();
  const own = before.then(() => lockAndWork(file, work), () => lockAndWork(file, work));
  queues.set(file, own);
  try {
    return await own;
  } finally {
    if (queues.get(file) === own) queues.delete(file);
  }
}

async function lockAndWork<T>(file: string, work: () => Promise<T>): Promise<T> {
  await makeDirectory(dirname(file));
  const database = new DatabaseSync(file, { timeout: patienceMs });
  try {
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      throw new InfraError('LOCK_BUSY', `${file} could not be locked: ${error instanceof Error ? error.message : String(error)}`, 'another kinfuzz may be stuck at it');
    }
    return await work();
  } finally {
    database.close();
  }
}
