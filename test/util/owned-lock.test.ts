import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startOf } from '../../src/util/alive.ts';
import { takeLock } from '../../src/util/owned-lock.ts';

const fresh = () => join(mkdtempSync(join(tmpdir(), 'kinfuzz-lock-')), 'lock');
const put = (path: string, pid: number, start: string) => {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE owner (pid INTEGER NOT NULL, start TEXT NOT NULL)');
  database.prepare('INSERT INTO owner VALUES (?, ?)').run(pid, start);
  database.close();
};

test('one has it until it is given back', () => {
  const path = fresh();
  const first = takeLock(path);
  expect(takeLock(path)).toEqual({ owner: process.pid });
  if (first.owner === null) first.release();
  expect(takeLock(path).owner).toBeNull();
});

test('what another process holds is its own, what a dead one held is not', () => {
  const held = fresh();
  put(held, 1, startOf(1) ?? '');
  expect(takeLock(held)).toEqual({ owner: 1 });
  for (const [pid, start] of [[999_999_999, '5'], [1, '5']] as const) {
    const left = fresh();
    put(left, pid, start);
    expect(takeLock(left).owner).toBeNull();
  }
});

test('of many that take over at once, one has it', async () => {
  const path = fresh();
  put(path, 999_999_999, '5');
  const source = `import { takeLock } from ${JSON.stringify(new URL('../../src/util/owned-lock.ts', import.meta.url).href)}; console.log(takeLock(${JSON.stringify(path)}).owner === null); setTimeout(() => {}, 3000);`;
  const answers = await Promise.all(Array.from({ length: 6 }, () => promisify(execFile)(process.execPath, ['--input-type=module', '-e', source])));
  expect(answers.filter(({ stdout }) => stdout.trim() === 'true')).toHaveLength(1);
});
