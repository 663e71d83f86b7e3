import { appendFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeTrial, openTrials, type TrialRecord } from '../../src/campaign/trials.ts';

const failure = (signature: string) => ({ property: signature.split(':')[0] ?? '', signature, summary: '', evidence: [] });
const trial = (config: string): TrialRecord => ({ config, verdict: 'failed', failures: [failure('btf-whole:1')], fragment: 'CONFIG_X=y\n', dependencies: ['X'], ms: 1 });

test('trials outlive their process, and a line that was cut short is none', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-trials-'));
  const store = await openTrials(join(directory, 'new'));
  store.record(trial('one'));
  store.record(trial('two'));
  appendFileSync(join(store.directory, 'trials.jsonl'), JSON.stringify(trial('three')).slice(0, -1));
  expect([...(await openTrials(store.directory)).known.values()]).toEqual([trial('one'), trial('two')]);
});

test('a file is written whole', async () => {
  const store = await openTrials(mkdtempSync(join(tmpdir(), 'kinfuzz-trials-')));
  store.write('best.config', 'a\n');
  store.write('best.config', 'b\n');
  expect(readdirSync(store.directory)).toEqual(['best.config']);
  expect(readFileSync(join(store.directory, 'best.config'), 'utf8')).toBe('b\n');
});

test.each([
  ['passed', [], 'passes'],
  ['failed', ['btf-whole:1'], 'fails'],
  ['failed', ['builds:1', 'btf-whole:1'], 'fails'],
  ['failed', ['btf-whole:2'], 'passes'],
  ['failed', ['builds:1'], 'hidden'],
  ['timed-out', [], 'unknown'],
  ['infra-error', [], 'unknown'],
  ['dropped', [], 'unknown'],
] as const)('%s with %j: the failure %s', (verdict, signatures, outcome) => {
  expect(judgeTrial({ verdict, failures: signatures.map(failure) }, 'btf-whole:1')).toBe(outcome);
});
