import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createJournal, openJournal, type RunMeta } from '../../src/engine/journal.ts';
import { makeVerdict } from '../support/verdict.ts';

const meta: RunMeta = { space: { name: 's', hash: 'h' }, tree: { spec: 't', fingerprint: 'f' }, toolchain: { kind: 'host', fingerprint: 'g' }, runSeed: 1, arches: null, runs: 3 };
const fresh = () => join(mkdtempSync(join(tmpdir(), 'kinfuzz-journal-')), 'run');

test('what was recorded is there for whoever opens it, in order, once', async () => {
  const directory = fresh();
  const journal = await createJournal(directory, meta);
  journal.record(makeVerdict({ index: 2 }), 'CONFIG_B=y\n');
  journal.record(makeVerdict({ index: 1, verdict: 'infra-error', config: 'dead' }), null);
  journal.record(makeVerdict({ index: 1, config: 'beef' }), 'CONFIG_A=y\n');
  // Not closed: a run that is killed does not close its journal either.
  const other = openJournal(directory);
  expect(other.meta).toEqual(meta);
  expect(other.verdicts().map(({ index, verdict }) => [index, verdict])).toEqual([[1, 'passed'], [2, 'passed']]);
  expect(other.config('bee')).toBe('CONFIG_A=y\n');
  expect(other.config('dead')).toBeNull();
});

test('a folder that cannot be made, and one without a run, are the user\'s mistakes', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kinfuzz-journal-')), 'file');
  writeFileSync(file, '');
  await expect(createJournal(join(file, 'run'), meta)).rejects.toMatchObject({ code: 'OUT_UNWRITABLE' });
  expect(() => openJournal(fresh())).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
});
