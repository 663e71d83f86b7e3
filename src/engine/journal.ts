import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deflateSync, inflateSync } from 'node:zlib';
import { InfraError, UserError } from '../util/errors.ts';
import { makeDirectory } from '../util/files.ts';
import type { Verdict } from '../verdict/records.ts';

/** What a run is of; a resumed run must be of the same. */
export type RunMeta = {
  space: { name: string; hash: string };
  tree: { spec: string; fingerprint: string };
  toolchain: { kind: string; fingerprint: string };
  runSeed: number;
  arches: string[] | null;
  runs: number | null;
};

/** The durable record of a run: `run.db` (SQLite, write-ahead log) in its folder. Each write is on disk when it returns. */
export type Journal = {
  directory: string;
  meta: RunMeta;
  record: (verdict: Verdict, config: string | null) => void;
  verdicts: () => Verdict[];
  config: (hashPrefix: string) => string | null;
  close: () => void;
};

const file = 'run.db';

/** Makes the folder of a new run. @throws UserError `OUT_UNWRITABLE` */
export async function createJournal(directory: string, meta: RunMeta): Promise<Journal> {
  try {
    await makeDirectory(directory);
    const database = open(directory);
    database.prepare('INSERT INTO run (id, meta) VALUES (1, ?)').run(JSON.stringify(meta));
    return journalOf(database, directory, meta);
  } catch (error) {
    throw new UserError({ code: 'OUT_UNWRITABLE', message: `cannot write the run's journal: ${error instanceof Error ? error.message : String(error)}`, place: { file: directory }, hint: 'name another directory with --out, or free some space' });
  }
}

/** Opens the journal of an earlier run. @throws UserError `RUN_UNKNOWN` where there is none */
export function openJournal(directory: string): Journal {
  if (!existsSync(join(directory, file))) throw new UserError({ code: 'RUN_UNKNOWN', message: 'there is no run in this folder', place: { file: directory }, hint: 'name a folder that an earlier run printed, such as reports/NAME' });
  const database = open(directory);
  const row = database.prepare('SELECT meta FROM run WHERE id = 1').get();
  if (typeof row?.['meta'] !== 'string') throw new UserError({ code: 'RUN_UNKNOWN', message: 'the journal of this run was never begun', place: { file: join(directory, file) } });
  return journalOf(database, directory, JSON.parse(row['meta']) as RunMeta);
}

function open(directory: string): DatabaseSync {
  const database = new DatabaseSync(join(directory, file));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY, meta TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS verdict (idx INTEGER PRIMARY KEY, name TEXT NOT NULL, record TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS config (hash TEXT PRIMARY KEY, text BLOB NOT NULL);
  `);
  return database;
}

function journalOf(database: DatabaseSync, directory: string, meta: RunMeta): Journal {
  const insertVerdict = database.prepare('INSERT OR REPLACE INTO verdict (idx, name, record) VALUES (?, ?, ?)');
  const insertConfig = database.prepare('INSERT OR IGNORE INTO config (hash, text) VALUES (?, ?)');
  return {
    directory,
    meta,
    record(verdict, config) {
      database.exec('BEGIN IMMEDIATE');
      try {
        if (config !== null) insertConfig.run(verdict.config, deflateSync(config));
        insertVerdict.run(verdict.index, verdict.verdict, JSON.stringify(verdict));
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw new InfraError('JOURNAL_UNWRITABLE', `the verdict on #${verdict.index} could not be kept in ${directory}: ${error instanceof Error ? error.message : String(error)}`, 'free some space, then go on with --resume: what was kept before is safe');
      }
    },
    verdicts: () => database.prepare('SELECT record FROM verdict ORDER BY idx').all().map((row) => JSON.parse(String(row['record'])) as Verdict),
    config(hashPrefix) {
      const row = database.prepare('SELECT text FROM config WHERE hash LIKE ?').get(`${hashPrefix}%`);
      return row?.['text'] instanceof Uint8Array ? inflateSync(row['text']).toString() : null;
    },
    close: () => database.close(),
  };
}
