import { DatabaseSync } from 'node:sqlite';
import { startOf } from './alive.ts';

/** Held by this process, or by another: its number. */
export type Lock = { owner: null; release: () => void } | { owner: number };

/**
 * Takes a lock that is a file with its owner's number and start. One whose owner has died is taken over; of two that
 * take it over at once one has it, which is why the file is a database.
 */
export function takeLock(path: string): Lock {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL, start TEXT NOT NULL)');
    const { pid, start } = database.prepare('SELECT pid, start FROM owner').get() ?? {};
    if (pid !== undefined && startOf(Number(pid)) === start) return { owner: Number(pid) };
    database.exec('DELETE FROM owner');
    database.prepare('INSERT INTO owner (pid, start) VALUES (?, ?)').run(process.pid, startOf(process.pid) ?? '');
    database.exec('COMMIT');
    return { owner: null, release: () => releaseLock(path) };
  } finally {
    // What was not committed is not done.
    database.close();
  }
}

function releaseLock(path: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA busy_timeout = 10000');
    database.prepare('DELETE FROM owner WHERE pid = ?').run(process.pid);
  } finally {
    database.close();
  }
}
