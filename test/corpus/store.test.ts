import { fork } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatCase, loadCases } from '../../src/corpus/cases.ts';
import { addSighting } from '../../src/corpus/merge.ts';
import { updateCases } from '../../src/corpus/store.ts';
import { parsedCase } from './arbitrary.ts';

const fresh = () => mkdtempSync(join(tmpdir(), 'kinfuzz-corpus-'));

test('many processes that add at once lose nothing', async () => {
  const corpus = fresh();
  await updateCases(corpus, () => [parsedCase()]);
  const writers = [0, 1, 2, 3];
  const adder = fileURLToPath(new URL('adder.ts', import.meta.url));
  const ends = writers.map((writer) => new Promise((resolve) => fork(adder, [corpus, String(writer)], { execArgv: [] }).on('exit', resolve)));
  expect(await Promise.all(ends)).toEqual(writers.map(() => 0));
  const cases = await loadCases(corpus);
  const own = writers.flatMap((writer) => [0, 1, 2, 3, 4].map((round) => `w${writer}-${round}`));
  expect(cases.map(({ name }) => name)).toEqual(['one', ...own].sort());
  expect(cases.find(({ name }) => name === 'one')?.seen.map(({ tree }) => tree).filter((tree) => tree.startsWith('w')).sort()).toEqual(own.sort());
  expect(readdirSync(join(corpus, 'cases')).filter((name) => !name.endsWith('.yaml'))).toEqual([]);
});

test('only what changes is written, and what goes is removed', async () => {
  const corpus = fresh();
  const one = parsedCase();
  await updateCases(corpus, () => [one, { ...one, name: 'two' }]);
  const file = join(corpus, 'cases', 'one.yaml');
  const words = `# a person's own words\n${formatCase(one)}`;
  writeFileSync(file, words);
  await updateCases(corpus, (cases) => cases.filter(({ name }) => name === 'one'));
  expect(readdirSync(join(corpus, 'cases'))).toEqual(['one.yaml']);
  expect(readFileSync(file, 'utf8')).toBe(words);
  await updateCases(corpus, (cases) => cases.map((now) => addSighting(now, 'seen', { tree: 'new', fingerprint: '00000000', toolchain: 'host' })));
  expect((await loadCases(corpus))[0]?.seen).toHaveLength(2);
});

test('a change that fails leaves all as it was, and the next one is let in', async () => {
  const corpus = fresh();
  await updateCases(corpus, () => [parsedCase()]);
  await expect(updateCases(corpus, () => { throw new Error('no'); })).rejects.toThrow('no');
  expect(await updateCases(corpus, (cases) => cases)).toHaveLength(1);
  await expect(updateCases('/proc/nowhere', (cases) => cases)).rejects.toMatchObject({ code: 'CORPUS_UNWRITABLE' });
});
