import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/verdict/records.ts';
import { type CommandOutcome, parseRecords, runKinfuzz } from '../support/command.ts';

const runs = 6;
const out = () => mkdtempSync(join(tmpdir(), 'kinfuzz-run-'));
const fuzz = (directory: string, ...args: string[]) => ['fuzz', '--runs', String(runs), '--seed', '5', '--json', '--out', directory, ...args];
/** What must be the same when a run is made again; times and order of completion may differ. */
const essence = (verdicts: readonly Verdict[]) =>
  verdicts.map(({ cost: _, ...rest }) => rest).sort((left, right) => left.index - right.index);

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

  test('gives the same again, one at a time', async () => {
    const again = parseRecords((await runKinfuzz(fuzz(out(), '--jobs', '1')).done).stdout).verdicts;
    expect(essence(again)).toEqual(essence(reference));
  });

  test('is replayed from a seed alone', async () => {
    const [, second] = essence(reference);
    const { code, stdout, stderr } = await runKinfuzz(['repro', second?.seed ?? '', '--json', '--out', directory]).done;
    expect(stderr).toContain('config: the same');
    expect(stderr).toContain('verdict: the same (passed)');
    expect(essence(parseRecords(stdout).verdicts)).toEqual([second]);
    expect(code).toBe(0);
  });
});

describe.each(['SIGINT', 'SIGKILL'] as const)('%s in the middle', (signal) => {
  test('ends in time, leaves no process, and the run goes on where it was', async () => {
    const place = out();
    const { pid, done } = runKinfuzz(fuzz(place, '--jobs', '2'));
    await expect.poll(() => journalled(place), { timeout: 120_000, interval: 200 }).toBeGreaterThan(0);
    const before = performance.now();
    process.kill(pid, signal);
    const { code } = await done;
    if (signal === 'SIGINT') {
      expect(performance.now() - before).toBeLessThan(5000);
      expect(code).toBe(130);
    }
    await expect.poll(() => descendants(pid), { timeout: 5000 }).toEqual([]);
    const [run] = readdirSync(place);
    const resumed = await runKinfuzz(['fuzz', '--resume', join(place, run ?? ''), '--json']).done;
    expect(resumed.code).toBe(0);
    expect(parseRecords(resumed.stdout).run).toMatchObject({ counts: { passed: runs } });
    expect(parseRecords(resumed.stdout).verdicts.length).toBeLessThan(runs);
  });
});

describe('the machine\'s faults', () => {
  test('a time limit is no failure', async () => {
    const { code, stdout } = await runKinfuzz(['fuzz', '--runs', '1', '--seed', '5', '--json', '--out', out(), '--timeout', '0.05s']).done;
    expect(parseRecords(stdout).verdicts).toMatchObject([{ verdict: 'timed-out', failures: [], fault: { code: 'TIME_LIMIT' } }]);
    expect(code).toBe(3);
  });

  test('a place that cannot be written is the user\'s mistake, told before anything is built', async () => {
    const { code, stderr, stdout } = await runKinfuzz(['fuzz', '--runs', '1', '--json', '--out', '/proc/nowhere']).done;
    expect(stderr).toMatch(/OUT_UNWRITABLE \/proc\/nowhere/);
    expect([code, stdout]).toEqual([2, '']);
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

/** Processes whose command line or environment names a work folder of that run. */
function descendants(pid: number): string[] {
  const mark = `kinfuzz/work/${pid}-`;
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
    try {
      const line = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return line.includes(mark) ? [line] : [];
    } catch {
      // It ended between the listing and the look.
      return [];
    }
  });
}
