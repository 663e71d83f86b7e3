import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { NightFinding } from '../verdict/night.ts';
import type { Verdict } from '../verdict/records.ts';

/** One night, in numbers. `ms`: the time that was spent on it; `exitCode` null while it goes on. */
export type NightRow = {
  night: string;
  tree: string;
  space: string;
  ms: number;
  candidates: number;
  passed: number;
  failed: number;
  unjudged: number;
  /** Tuples that all nights of the same tree, space and toolchain have covered, and those that are possible. */
  covered: number;
  possible: number;
  exitCode: number;
};

/** What a coverage is of. */
export type CoverKey = { space: string; tree: string; toolchain: string };

type Judged = Pick<Verdict, 'index' | 'verdict' | 'arch' | 'choices'>;

/** What is kept of nights when their folders are gone: `history.db` (SQLite) beside them. */
export type History = {
  /** Writes a night, or writes it anew. */
  record: (row: NightRow, findings: readonly NightFinding[], key: CoverKey, verdicts: readonly Judged[]) => void;
  /** The latest, oldest first, each with how many findings were in which state. */
  nights: (most: number) => (NightRow & { findings: Record<string, number> })[];
  /** Choices that were judged on earlier nights, each once. */
  judged: (key: CoverKey) => Judged[];
  close: () => void;
};

export function openHistory(directory: string): History {
  const database = new DatabaseSync(join(directory, 'history.db'));
  database.exec(`
    PRAGMA busy_timeout = 10000;
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS night (night TEXT PRIMARY KEY, tree TEXT NOT NULL, space TEXT NOT NULL, ms INTEGER NOT NULL, candidates INTEGER NOT NULL, passed INTEGER NOT NULL, failed INTEGER NOT NULL, unjudged INTEGER NOT NULL, covered INTEGER NOT NULL, possible INTEGER NOT NULL, exit_code INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS finding (night TEXT NOT NULL, signature TEXT NOT NULL, property TEXT NOT NULL, summary TEXT NOT NULL, state TEXT NOT NULL, since TEXT NOT NULL, candidates INTEGER NOT NULL, PRIMARY KEY (night, signature));
    CREATE TABLE IF NOT EXISTS judged (space TEXT NOT NULL, tree TEXT NOT NULL, toolchain TEXT NOT NULL, arch TEXT NOT NULL, choices TEXT NOT NULL, PRIMARY KEY (space, tree, toolchain, arch, choices)) WITHOUT ROWID;
  `);
  return {
    record(row, findings, { space, tree, toolchain }, verdicts) {
      database.exec('BEGIN IMMEDIATE');
      try {
        database.prepare('INSERT OR REPLACE INTO night VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(row.night, row.tree, row.space, Math.round(row.ms), row.candidates, row.passed, row.failed, row.unjudged, row.covered, row.possible, row.exitCode);
        database.prepare('DELETE FROM finding WHERE night = ?').run(row.night);
        const addFinding = database.prepare('INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)');
        for (const { signature, property, summary, state, since, candidates } of findings) addFinding.run(row.night, signature, property, summary, state, since, candidates);
        const addJudged = database.prepare('INSERT OR IGNORE INTO judged VALUES (?, ?, ?, ?, ?)');
        for (const { index, verdict, arch, choices } of verdicts) if (index >= 0 && (verdict === 'passed' || verdict === 'failed')) addJudged.run(space, tree, toolchain, arch, JSON.stringify(choices));
        database.exec('COMMIT');
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
      }
    },
    nights(most) {
      const rows = database.prepare('SELECT * FROM night ORDER BY night DESC LIMIT ?').all(most).reverse();
      const states = database.prepare('SELECT state, count(*) AS count FROM finding WHERE night = ? GROUP BY state');
      return rows.map(({ exit_code: exitCode, ...row }) => ({
        ...(row as Omit<NightRow, 'exitCode'>),
        exitCode: Number(exitCode),
        findings: Object.fromEntries(states.all(row['night'] ?? '').map(({ state, count }) => [String(state), Number(count)])),
      }));
    },
    judged: ({ space, tree, toolchain }) => database.prepare('SELECT arch, choices FROM judged WHERE space = ? AND tree = ? AND toolchain = ?').all(space, tree, toolchain)
      .map((row) => ({ index: 0, verdict: 'passed', arch: row['arch'] as Judged['arch'], choices: JSON.parse(String(row['choices'])) as Judged['choices'] })),
    close: () => database.close(),
  };
}
