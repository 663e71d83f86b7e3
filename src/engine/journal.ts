import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deflateSync, inflateSync } from 'node:zlib';
import type { PassName } from '../property/contract.ts';
import { InfraError, UserError } from '../util/errors.ts';
import { hashText } from '../util/hash.ts';
import { startOf } from '../util/alive.ts';
import { makeDirectory } from '../util/files.ts';
import type { Case } from '../corpus/cases.ts';
import type { Candidate, Cover } from '../sampler/records.ts';
import type { Verdict } from '../verdict/records.ts';

/** A case that a run checks before it draws anything, as it was when the run began. */
export type Replay = { case: Case; passes: PassName[]; candidate: Candidate };

/** What a run is of; a resumed run must be of the same. */
export type RunMeta = {
  /** `source`: the file, or the name in corpus/spaces, that the user gave. */
  space: { name: string; hash: string; source: string };
  tree: { spec: string; fingerprint: string };
  toolchain: { kind: string; fingerprint: string };
  runSeed: number;
  /** 2 or 3 where all pairs, or triples, are covered first. */
  cover: Cover;
  arches: string[] | null;
  runs: number | null;
  passes: PassName[];
  /** The corpus that the run adds to, and the cases that it begins with. */
  corpus?: { directory: string; replays: Replay[] };
};

/** The durable record of a run: `run.db` (SQLite, write-ahead log) in its folder. Each write is on disk when it returns. */
export type Journal = {
  directory: string;
  meta: RunMeta;
  record: (verdict: Verdict, configs: readonly (string | null)[]) => void;
  verdicts: () => Verdict[];
  config: (hashPrefix: string) => string | null;
  close: () => void;
};

const file = 'run.db';

/** Makes the folder of a new run; a name that is taken gets a number. @throws UserError `OUT_UNWRITABLE` */
export async function createJournal(wanted: string, meta: RunMeta): Promise<Journal> {
  let directory = wanted;
  try {
    await makeDirectory(dirname(wanted));
    for (let number = 2; !(await isNew(directory)); number += 1) directory = `${wanted}-${number}`;
    const database = open(directory);
    database.prepare('INSERT INTO run (id, meta) VALUES (1, ?)').run(JSON.stringify(meta));
    return journalOf(database, directory, meta);
  } catch (error) {
    await rmdir(directory).catch(() => null);
    throw new UserError({ code: 'OUT_UNWRITABLE', message: `cannot write the run's journal: ${error instanceof Error ? error.message : String(error)}`, place: { file: directory }, hint: 'name another directory with --out, or free some space' });
  }
}

/**
 * Opens the journal of an earlier run to go on with it.
 *
 * @throws UserError `RUN_UNKNOWN` where there is none, `RUN_BUSY` where another process writes it
 */
export function openJournal(directory: string): Journal {
  const meta = readMeta(directory);
  return journalOf(open(directory), directory, meta);
}

/** Looks into the journal of an earlier run, or of one that is going on; writes nothing. @throws UserError `RUN_UNKNOWN` */
export function readJournal(directory: string): Pick<Journal, 'meta' | 'verdicts' | 'config' | 'close'> {
  const meta = readMeta(directory);
  return readerOf(new DatabaseSync(join(directory, file), { readOnly: true }), meta);
}

function readMeta(directory: string): RunMeta {
  const path = join(directory, file);
  if (!existsSync(path)) throw new UserError({ code: 'RUN_UNKNOWN', message: 'there is no run in this folder', place: { file: directory }, hint: 'name a folder that an earlier run printed, such as reports/NAME' });
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return JSON.parse(String(database.prepare('SELECT meta FROM run WHERE id = 1').get()?.['meta'])) as RunMeta;
    } finally {
      database.close();
    }
  } catch (error) {
    throw new UserError({ code: 'RUN_UNKNOWN', message: `this is no journal of a run: ${error instanceof Error ? error.message : String(error)}`, place: { file: path } });
  }
}

/** Whether the folder could be made, and so is this run's alone. */
async function isNew(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** One writer a run: a second `--resume` would check everything twice. */
function lock(directory: string): void {
  const path = join(directory, 'lock');
  const [owner, start] = existsSync(path) ? readFileSync(path, 'utf8').split(' ') : [];
  if (owner !== undefined && Number(owner) !== process.pid && startOf(Number(owner)) === start) {
    throw new UserError({ code: 'RUN_BUSY', message: `process ${owner} is at this run`, place: { file: path }, hint: 'wait for it, or stop it' });
  }
  writeFileSync(path, `${process.pid} ${startOf(process.pid)}`);
}

function open(directory: string): DatabaseSync {
  lock(directory);
  const database = new DatabaseSync(join(directory, file));
  database.exec(`
    PRAGMA busy_timeout = 10000;
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
    record(verdict, configs) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const config of configs) if (config !== null) insertConfig.run(hashText(config), deflateSync(config));
        insertVerdict.run(verdict.index, verdict.verdict, JSON.stringify(verdict));
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw new InfraError('JOURNAL_UNWRITABLE', `the verdict on #${verdict.index} could not be kept in ${directory}: ${error instanceof Error ? error.message : String(error)}`, 'free some space, then go on with --resume: what was kept before is safe');
      }
    },
    ...readerOf(database, meta),
    close() {
      database.close();
      rmSync(join(directory, 'lock'), { force: true });
    },
  };
}

function readerOf(database: DatabaseSync, meta: RunMeta): Pick<Journal, 'meta' | 'verdicts' | 'config' | 'close'> {
  return {
    meta,
    verdicts: () => database.prepare('SELECT record FROM verdict ORDER BY idx').all().map((row) => JSON.parse(String(row['record'])) as Verdict),
    config(hashPrefix) {
      const row = database.prepare('SELECT text FROM config WHERE hash LIKE ?').get(`${hashPrefix}%`);
      return row?.['text'] instanceof Uint8Array ? inflateSync(row['text']).toString() : null;
    },
    close: () => database.close(),
  };
}
