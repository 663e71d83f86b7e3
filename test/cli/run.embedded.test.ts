import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readJournal } from '../../src/engine/journal.ts';
import { hashText } from '../../src/util/hash.ts';
import type { Reproduction } from '../../src/report/reproduction.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { type CommandOutcome, parseRecords, runKinfuzz } from '../support/command.ts';

const runs = 6;
const out = () => mkdtempSync(join(tmpdir(), 'kinfuzz-run-'));
const fuzz = (directory: string, ...args: string[]) => ['fuzz', '--runs', String(runs), '--seed', '5', '--json', '--out', directory, ...args];
/** What must be the same when a run is made again; times, order of completion and who certified may differ. */
const essence = (verdicts: readonly Verdict[]) =>
  verdicts.map(({ cost: _cost, resolution: _resolution, ...rest }) => rest).sort((left, right) => left.index - right.index);

const directory = out();
let outcome: CommandOutcome;
let reference: Verdict[] = [];

beforeAll(async () => {
  outcome = await runKinfuzz(fuzz(directory, '--jobs', '2')).done;
  reference = parseRecords(outcome.stdout).verdicts;
});

describe('a run of the embedded tree', () => {
  test('passes every healthy candidate, on all three architectures', () => {
    expect(outcome.stderr).not.toContain('unexpected');
    expect(reference).toHaveLength(runs);
    for (const { verdict, failures, dropped, fault } of reference) expect({ verdict, failures, dropped, fault }).toEqual({ verdict: 'passed', failures: [], dropped: [], fault: null });
    expect(reference.some(({ inline }) => inline)).toBe(true);
    expect(outcome.code).toBe(0);
  });

  test('ends with one record of the whole', () => {
    expect(parseRecords(outcome.stdout).run).toMatchObject({ kind: 'run', runSeed: 5, counts: { passed: runs }, exitCode: 0, isSandboxed: true });
  });

  test.each([['1'], ['4']])('gives the same again, %s at a time', async (jobs) => {
    const again = parseRecords((await runKinfuzz(fuzz(out(), '--jobs', jobs)).done).stdout).verdicts;
    expect(essence(again)).toEqual(essence(reference));
  });

  test('makes passes for whoever asks, in the order of their making', async () => {
    const { code, stdout } = await runKinfuzz(['fuzz', '--runs', '1', '--seed', '5', '--arch', 'arm64', '--json', '--out', out(), '--passes', 'clean,twin']).done;
    const { verdicts } = parseRecords(stdout);
    expect(verdicts).toMatchObject([{ verdict: 'passed', passes: ['twin', 'clean'], fault: null }]);
    expect(verdicts[0]?.cost.twinMs).toBeGreaterThan(0);
    expect(verdicts[0]?.cost.cleanMs).toBeGreaterThan(0);
    expect(verdicts[0]?.cost.againMs).toBe(0);
    expect(code).toBe(0);
  });

  test('is replayed from a seed alone', async () => {
    const [, second] = essence(reference);
    const { code, stdout } = await runKinfuzz(['repro', second?.seed ?? '', '--json', '--out', directory]).done;
    const record = JSON.parse(stdout) as Reproduction;
    expect(record).toMatchObject({ kind: 'reproduction', outcome: 'same', config: { isSame: true, changed: [], lost: [] }, differs: [], exitCode: 0 });
    expect(essence(record.verdict === null ? [] : [record.verdict])).toEqual([second]);
    expect(code).toBe(0);
  });
});

test('sample names the same candidates, configs and all, and writes them', async () => {
  const folder = join(out(), 'configs');
  const { code, stdout } = await runKinfuzz(['sample', '--seed', '5', '--runs', String(runs), '--json', '--out', folder]).done;
  const seeds = stdout.trim().split('\n').map((line) => (JSON.parse(line) as Verdict).seed);
  expect(seeds).toEqual(essence(reference).map(({ seed }) => seed));
  const files = readdirSync(folder).sort();
  expect(files).toEqual([...essence(reference).map(({ index, arch }) => `${String(index).padStart(4, '0')}-${arch}.config`), 'candidates.jsonl'].sort());
  expect(files.filter((name) => name.endsWith('.config')).map((name) => hashText(readFileSync(join(folder, name), 'utf8')))).toEqual(essence(reference).map(({ config }) => config));
  expect(code).toBe(0);
});

describe('a covering run', () => {
  const place = out();
  const space = join(place, 'small.yaml');
  const args = ['--space', space, '--out', join(place, 'runs'), '--json'];
  writeFileSync(space, `space: small
description: two axes that build fast
targets: []
arches: { um: { weight: 1, pins: { 64BIT: y } } }
pins: { EXPERT: y, MODULES: y, RUST: y, SAMPLES: y, SAMPLES_RUST: y, SAMPLE_RUST_MINIMAL: y }
axes:
  print: { y: { set: { SAMPLE_RUST_PRINT: y } }, m: { set: { SAMPLE_RUST_PRINT: m } } }
  debug: { off: { set: { RUST_DEBUG_ASSERTIONS: n } }, on: { set: { RUST_DEBUG_ASSERTIONS: y } } }
`);

  test('goes on where an earlier one stopped, and ends when all is covered', async () => {
    const first = await runKinfuzz(['fuzz', '--cover', '2', '--runs', '1', ...args]).done;
    expect(parseRecords(first.stdout).run).toMatchObject({ coverage: [{ arch: 'um', covered: 1, impossible: 0, left: 3 }], exitCode: 0 });
    const second = await runKinfuzz(['fuzz', '--cover', '2', ...args]).done;
    expect(parseRecords(second.stdout)).toMatchObject({ verdicts: { length: 3 }, run: { coverage: [{ covered: 4, left: 0 }], exitCode: 0 } });
    const third = await runKinfuzz(['fuzz', '--cover', '2', ...args]).done;
    expect(parseRecords(third.stdout)).toMatchObject({ verdicts: [], run: { coverage: [{ covered: 4, left: 0 }] } });
    expect(third.stderr).toContain('earlier runs have covered all that can be');
    expect(third.code).toBe(0);
  });

  test('fills the matrix', async () => {
    const { stdout } = await runKinfuzz(['matrix', 'print', 'debug', ...args]).done;
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'matrix', matrices: [{ arch: 'um', cells: [[{ state: 'works', passed: 1 }, { state: 'works', passed: 1 }], [{ state: 'works' }, { state: 'works' }]] }] });
  });

  test('is replayed from a seed', async () => {
    const [run] = readdirSync(join(place, 'runs'));
    const { meta, ...journal } = readJournal(join(place, 'runs', run ?? ''));
    const [verdict] = journal.verdicts();
    journal.close();
    expect(meta.cover).toBe(2);
    const { code, stdout } = await runKinfuzz(['repro', verdict?.seed ?? '', ...args]).done;
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'same' });
    expect(code).toBe(0);
  });
});

describe.each([
  ['SIGINT to all, as a terminal sends it', (pid: number): boolean => process.kill(-pid, 'SIGINT'), 130],
  ['SIGTERM to npm\'s child alone', (pid: number): boolean => process.kill(pid, 'SIGTERM'), 130],
  ['SIGKILL to all', (pid: number): boolean => process.kill(-pid, 'SIGKILL'), null],
] as const)('%s', (_, send, expected) => {
  test('ends in time, leaves nothing, and the run goes on where it was', async () => {
    const [place, cache] = [out(), out()];
    const { pid, done } = runKinfuzz(fuzz(place, '--jobs', '2'), { XDG_CACHE_HOME: cache });
    await expect.poll(() => journalled(place), { timeout: 120_000, interval: 200 }).toBeGreaterThan(0);
    const before = performance.now();
    send(pid);
    expect((await done).code).toBe(expected);
    expect(performance.now() - before).toBeLessThan(5000);
    await expect.poll(() => processesAt(cache), { timeout: 5000 }).toEqual([]);
    const [run] = readdirSync(place);
    const resumed = await runKinfuzz(['fuzz', '--resume', join(place, run ?? ''), '--json'], { XDG_CACHE_HOME: cache }).done;
    expect(resumed.code).toBe(0);
    expect(parseRecords(resumed.stdout).run).toMatchObject({ counts: { passed: runs } });
    expect(parseRecords(resumed.stdout).verdicts.length).toBeLessThan(runs);
    expect(readdirSync(join(cache, 'kinfuzz', 'work'))).toEqual([]);
  });
});

describe('the machine\'s faults', () => {
  test('a time limit is no failure', async () => {
    const { code, stdout } = await runKinfuzz(['fuzz', '--runs', '1', '--seed', '5', '--json', '--out', out(), '--timeout', '0.05s']).done;
    expect(parseRecords(stdout).verdicts).toMatchObject([{ verdict: 'timed-out', failures: [], fault: { code: 'TIME_LIMIT' } }]);
    expect(code).toBe(3);
  });

  test('a worker that is killed loses one candidate, not the run', async () => {
    const cache = out();
    const { done } = runKinfuzz(fuzz(out(), '--jobs', '2'), { XDG_CACHE_HOME: cache });
    await expect.poll(() => processesAt(cache).length, { timeout: 60_000, interval: 100 }).toBeGreaterThan(0);
    process.kill(workerOf(processesAt(cache)[0] ?? 0), 'SIGKILL');
    const { code, stdout } = await done;
    const { verdicts } = parseRecords(stdout);
    expect(verdicts).toHaveLength(runs);
    expect(verdicts.filter(({ fault }) => fault?.code === 'WORKER_LOST')).toHaveLength(1);
    expect(verdicts.filter(({ verdict }) => verdict === 'passed')).toHaveLength(runs - 1);
    expect(code).toBe(3);
  });
});

/** Verdicts in the only journal below a directory, read while the run writes it. */
function journalled(place: string): number {
  const [run] = readdirSync(place);
  const file = join(place, run ?? '', 'run.db');
  if (run === undefined || !existsSync(file)) return 0;
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return Number(database.prepare('SELECT count(*) AS count FROM verdict').get()?.['count']);
  } catch {
    // Not begun yet.
    return 0;
  } finally {
    database.close();
  }
}

/** Numbers of the processes whose command line names a place. */
function processesAt(place: string): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => pid > 0 && readOf(pid, 'cmdline').includes(place));
}

/** The tinypool worker above a command of its sandbox. */
function workerOf(pid: number): number {
  for (let at = pid; at > 1; at = Number(readOf(at, 'stat').split(') ')[1]?.split(' ')[1])) {
    if (readOf(at, 'cmdline').includes('tinypool')) return at;
  }
  throw new Error(`no worker is above process ${pid}`);
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended between the listing and the look.
    return '';
  }
}
