import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freeBytes, readTextIfAny, writeAtomic } from '../../src/util/files.ts';

test('an atomic write leaves the whole file and nothing beside it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-files-'));
  await writeAtomic(join(directory, 'a', 'b'), 'one');
  await writeAtomic(join(directory, 'a', 'b'), 'two');
  expect(await readTextIfAny(join(directory, 'a', 'b'))).toBe('two');
  expect(readdirSync(join(directory, 'a'))).toEqual(['b']);
});

test('a failed atomic write keeps the old file', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-files-'));
  writeFileSync(join(directory, 'file'), '');
  await expect(writeAtomic(join(directory, 'file', 'below'), 'x')).rejects.toThrow();
  expect(readdirSync(directory)).toEqual(['file']);
});

test('a missing file is null, a directory is an error', async () => {
  expect(await readTextIfAny('/no/such/file')).toBeNull();
  await expect(readTextIfAny('/')).rejects.toThrow();
});

test('free space is a number of bytes', async () => {
  expect(await freeBytes(tmpdir())).toBeGreaterThan(1024);
});
