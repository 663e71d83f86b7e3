import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createJournal, openJournal, readJournal, type RunMeta } from '../../src/engine/journal.ts';
import { hashText } from '../../src/util/hash.ts';
import { startOf } from '../../src/util/alive.ts';
import { makeVerdict } from '../support/verdict.ts';

const meta: RunMeta = { space: { name: 's', hash: 'h', source: 's' }, tree: { spec: 't', fingerprint: 'f' }, toolchain: { kind: 'host', fingerprint: 'g' }, runSeed: 1, cover: 0, arches: null, runs: 3, passes: [] };
const fresh = () => join(mkdtempSync(join(tmpdir(), 'kinfuzz-journal-')), 'run');

test('what was recorded is there for whoever opens it, in order, once', async () => {
  const [directory, text] = [fresh(), 'CONFIG_A=y\n'];
  const journal = await createJournal(directory, meta);
  journal.record(makeVerdict({ index: 2 }), ['CONFIG_B=y\n']);
  journal.record(makeVerdict({ index: 1, verdict: 'infra-error', config: '' }), [null]);
  journal.record(makeVerdict({ index: 1, config: hashText(text) }), [text, 'CONFIG_A=m\n']);
  // Not closed: a run that is killed does not close its journal either.
  const other = readJournal(directory);
  expect(other.meta).toEqual(meta);
  expect(other.verdicts().map(({ index, verdict }) => [index, verdict])).toEqual([[1, 'passed'], [2, 'passed']]);
  expect(other.config(hashText(text).slice(0, 8))).toBe(text);
  expect(other.config(hashText('CONFIG_A=m\n'))).toBe('CONFIG_A=m\n');
  expect(other.config('0123456789abcdef')).toBeNull();
});

test('a name that is taken gets a number: two runs never share a journal', async () => {
  const directory = fresh();
  const [first, second] = [await createJournal(directory, meta), await createJournal(directory, meta)];
  expect([first.directory, second.directory]).toEqual([directory, `${directory}-2`]);
});

test('a run that another process is at is left alone; one whose process died is not', async () => {
  const directory = fresh();
  (await createJournal(directory, meta)).close();
  writeFileSync(join(directory, 'lock'), `1 ${startOf(1)}`);
  expect(() => openJournal(directory)).toThrow(expect.objectContaining({ code: 'RUN_BUSY' }));
  for (const dead of ['999999999 5', '1 5', '']) {
    writeFileSync(join(directory, 'lock'), dead);
    openJournal(directory).close();
  }
});

test('what is no journal is told, and not written to', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-journal-'));
  for (const text of ['', 'garbage of some length, not a database at all']) {
    writeFileSync(join(directory, 'run.db'), text);
    expect(() => openJournal(directory)).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
    expect(readFileSync(join(directory, 'run.db'), 'utf8')).toBe(text);
  }
});

test('a folder that cannot be made, and one without a run, are the user\'s mistakes', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'kinfuzz-journal-')), 'file');
  writeFileSync(file, '');
  await expect(createJournal(join(file, 'run'), meta)).rejects.toMatchObject({ code: 'OUT_UNWRITABLE' });
  expect(() => openJournal(fresh())).toThrow(expect.objectContaining({ code: 'RUN_UNKNOWN' }));
});
