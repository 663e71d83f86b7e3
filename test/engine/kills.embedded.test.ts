import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/engine/journal.ts';
import { openRandom } from '../../src/util/random.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { copyCheckout } from '../support/checkout.ts';
import { runKinfuzz } from '../support/command.ts';

/** `KINFUZZ_KILLS=100` takes about an hour on two processors; it tells each kill. */
const kills = Number(process.env['KINFUZZ_KILLS'] ?? 4);
const candidates = Math.ceil(kills * 1.5);
/** A kill comes when so many lines are printed, some five a candidate, and a moment later: early ones and late ones by turns. */
const linesOf = (at: number, below: (limit: number) => number) => (at % 4) * 6 + below(6);
const mostMs = 500;

const temporary = (name: string) => mkdtempSync(join(tmpdir(), `kinfuzz-${name}-`));

test(`a run that is killed ${kills} times ends as one that is not`, { timeout: 300_000 + kills * 60_000 }, async () => {
  const { directory: cwd, edit } = copyCheckout();
  // A defect of some of its candidates: there is more to lose than that all is well.
  edit('corpus/embedded/rust/helpers/bug.c', (text) => `${text}\n#ifdef CONFIG_DEBUG_INFO\nconst char leak[] __attribute__((used, section(".modinfo"))) = KBUILD_MODNAME ".leak=1";\n#endif\n`);
  const fuzz = (out: string) => ['fuzz', '--seed', '5', '--runs', String(candidates), '--jobs', '2', '--known', 'none', '--minimize', 'off', '--out', out];

  const [calm, killed, cache] = [temporary('calm'), temporary('killed'), temporary('cache')];
  const { code } = await runKinfuzz(fuzz(calm), {}, cwd).done;
  const expected = essence(verdictsOf(calm));
  expect(code).toBe(1);
  expect(new Set(expected.map(({ verdict }) => verdict))).toEqual(new Set(['passed', 'failed']));

  const random = openRandom(candidates);
  const env = { XDG_CACHE_HOME: cache };
  let seen: Verdict[] = [];
  let [done, kept] = [0, 0];
  for (let at = 0; at < kills; at += 1) {
    const [run] = readdirSync(killed);
    const { pid, lines, done: ended } = runKinfuzz(run === undefined ? fuzz(killed) : ['fuzz', '--resume', join(killed, run), '--minimize', 'off'], env, cwd);
    const wanted = linesOf(at, (limit) => random.below(limit));
    while (lines() < wanted && (await Promise.race([sleep(20), ended])) === undefined);
    await sleep(random.below(mostMs));
    if (kill(pid)) done += 1;
    await ended;
    await expect.poll(() => processesAt(cache), { timeout: 5000 }).toEqual([]);
    const now = readdirSync(killed).length === 0 ? [] : verdictsOf(killed);
    // What was kept before the kill is there after it, as it was.
    expect(now).toEqual(expect.arrayContaining(seen));
    expect(new Set(now.map(({ index }) => index)).size).toBe(now.length);
    if (now.length > seen.length) kept += 1;
    seen = now;
    if (kills > 10) process.stderr.write(`kill ${at + 1}: ${done} hit a run at work, ${seen.length} of ${candidates} verdicts\n`);
  }
  const [run = ''] = readdirSync(killed);
  const last = await runKinfuzz(run === '' ? fuzz(killed) : ['fuzz', '--resume', join(killed, run), '--minimize', 'off'], env, cwd).done;
  expect(last.code).toBe(1);
  expect(essence(verdictsOf(killed))).toEqual(expected);
  expect(readdirSync(join(cache, 'kinfuzz', 'work'))).toEqual([]);
  process.stderr.write(`${done} of ${kills} kills hit a run at work; before ${kept} of them it had kept verdicts, in all ${seen.length} of ${candidates}\n`);
  expect(done).toBeGreaterThan(0);
  expect(kept).toBeGreaterThan(0);
});

/** What must be the same when a run is made again; times, and who certified, may differ. */
function essence(verdicts: readonly Verdict[]) {
  return verdicts.map(({ cost: _cost, resolution: _resolution, ...rest }) => rest).sort((left, right) => left.index - right.index);
}

function verdictsOf(out: string): Verdict[] {
  const [run = ''] = readdirSync(out);
  try {
    const journal = readJournal(join(out, run));
    try {
      return journal.verdicts();
    } finally {
      journal.close();
    }
  } catch {
    // Killed before its first line was written.
    return [];
  }
}

/** False where nothing was left to kill. */
function kill(group: number): boolean {
  try {
    return process.kill(-group, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Processes that work for a run: their command line, or what they were given, names its cache. */
function processesAt(place: string): number[] {
  return readdirSync('/proc').map(Number).filter((pid) => pid > 0 && pid !== process.pid && ['cmdline', 'environ'].some((file) => readOf(pid, file).includes(place)));
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended between the listing and the look, or is another user's.
    return '';
  }
}
