import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { listNights } from '../../src/campaign/night.ts';
import { readJournal } from '../../src/engine/journal.ts';
import type { NightReport } from '../../src/report/nightly.ts';
import { type CommandOutcome, runKinfuzz } from '../support/command.ts';

const embedded = join(import.meta.dirname, '../../corpus/embedded');
const helpers = 'rust/helpers/helpers.c';
/** BUG() tells the file that it is written in, which is that of a helper. */
const defect = '#include <linux/bug.h>\n#undef BUG\n#define BUG() do { __warn_slow(__FILE__, __LINE__); __builtin_trap(); } while (0)\n#define __rust_helper';
const signature = expect.stringMatching(/^no-helper-identity:[0-9a-f]{8}$/) as string;

/** What probes say and trees are is found out once. */
const cache = mkdtempSync(join(tmpdir(), 'kinfuzz-nightly-cache-'));

/** A tree, and nights of it. */
class Place {
  readonly top = mkdtempSync(join(tmpdir(), 'kinfuzz-nightly-'));
  readonly tree = join(this.top, 'tree');
  readonly out = join(this.top, 'nights');
  readonly #space = join(this.top, 'small.yaml');

  constructor() {
    cpSync(embedded, this.tree, { recursive: true });
    writeFileSync(this.#space, `space: small
description: two axes that build fast
targets: []
arches: { arm64: { weight: 1 } }
pins: { EXPERT: y, MODULES: y, RUST: y, SAMPLES: y, SAMPLES_RUST: y, SAMPLE_RUST_MINIMAL: y, RUST_INLINE_HELPERS: y }
axes:
  print: { y: { set: { SAMPLE_RUST_PRINT: y } }, m: { set: { SAMPLE_RUST_PRINT: m } } }
  debug: { off: { set: { RUST_DEBUG_ASSERTIONS: n } }, on: { set: { RUST_DEBUG_ASSERTIONS: y } } }
`);
  }

  begin(...args: string[]): ReturnType<typeof runKinfuzz> {
    return runKinfuzz(['nightly', '--tree', `embedded:${this.tree}`, '--space', this.#space, '--time', '20m', '--seed', '5', '--jobs', '2', '--most-of-a-kind', '0', '--out', this.out, ...args], { XDG_CACHE_HOME: cache });
  }

  night(...args: string[]): Promise<CommandOutcome> {
    return this.begin(...args).done;
  }

  edit(file: string, change: (text: string) => string): void {
    writeFileSync(join(this.tree, file), change(readFileSync(join(this.tree, file), 'utf8')));
  }
}

const parse = (stdout: string) => JSON.parse(stdout) as NightReport;
const judgedIn = (directory: string) => {
  if (!existsSync(join(directory, 'run.db'))) return [];
  try {
    const journal = readJournal(directory);
    const seeds = journal.verdicts().map(({ seed }) => seed);
    journal.close();
    return seeds;
  } catch {
    // Not begun yet.
    return [];
  }
};

test('night after night: nothing, something new, still there, gone; and each on one screen', async () => {
  const place = new Place();
  const known = join(place.top, 'known.yaml');
  writeFileSync(known, 'issues:\n  - { name: old, signatures: ["no-helper-identity:00000000"], reason: it was so }\n');
  const healthy = await place.night('--runs', '1', '--known', known, '--json');
  expect(healthy.stderr).not.toContain('unexpected');
  expect(parse(healthy.stdout)).toMatchObject({ kind: 'night', outcome: 'clean', baseline: null, counts: { passed: 1, failed: 0 }, findings: [], notSeen: [{ name: 'old', candidates: 1 }] });
  expect(healthy.code).toBe(0);

  place.edit(helpers, (text) => text.replace('#define __rust_helper', defect));
  const broken = await place.night('--runs', '1', '--most-of-a-kind', '1', '--time', '4s');
  expect(broken.stdout).toMatch(/^NEW +no-helper-identity:/m);
  expect(broken.stdout).toMatch(/^not minimized: 1, go on with: npx kinfuzz minimize kf2_\S+ --property no-helper-identity:\S+ --space \S+small\.yaml --out \S+$/m);
  expect(broken.stdout.trimEnd().split('\n').length).toBeLessThanOrEqual(24);
  expect(broken.code).toBe(1);

  const again = parse((await place.night('--runs', '1', '--json')).stdout);
  expect(again).toMatchObject({ exitCode: 0, candidates: { corpus: 1, cover: 0 }, findings: [{ signature, state: 'still', before: 'new', candidates: 1 }] });

  place.edit(helpers, (text) => text.replace(defect, '#define __rust_helper'));
  const mended = await place.night('--runs', '1');
  expect(mended.stdout).toMatch(/^gone +no-helper-identity:/m);
  expect(mended.code).toBe(0);

  const { stdout } = await place.night('--history', '--json');
  const rows = stdout.trim().split('\n').map((line) => JSON.parse(line) as { exitCode: number; findings: object });
  expect(rows.map(({ exitCode, findings }) => [exitCode, findings])).toEqual([[0, {}], [1, { new: 1 }], [0, { still: 1 }], [0, { gone: 1 }]]);
});

test('a case of the corpus stands in for the configuration that showed a failure', async () => {
  const place = new Place();
  const corpus = join(place.top, 'corpus');
  place.edit(helpers, (text) => text.replace('#define __rust_helper', defect));
  const broken = parse((await place.night('--runs', '1', '--corpus', corpus, '--json')).stdout);
  expect(broken).toMatchObject({ exitCode: 1, candidates: { corpus: 0, cover: 1 }, findings: [{ signature, state: 'new' }] });
  expect(readdirSync(join(corpus, 'cases'))).toEqual([expect.stringMatching(/^no-helper-identity-.*-arm64\.yaml$/)]);
  place.edit(helpers, (text) => text.replace(defect, '#define __rust_helper'));
  const mended = parse((await place.night('--runs', '1', '--corpus', corpus, '--json')).stdout);
  expect(mended).toMatchObject({ exitCode: 0, candidates: { corpus: 1, cover: 0 }, findings: [{ signature, state: 'gone' }] });
});

describe('a night that is killed', () => {
  test('keeps others out while it lives, and goes on where it was when it is dead', async () => {
    const place = new Place();
    const { pid, done } = place.begin();
    await expect.poll(() => readdirSync(place.top).includes('nights') ? readdirSync(place.out).flatMap((name) => judgedIn(join(place.out, name, 'cover'))) : [], { timeout: 120_000, interval: 200 }).not.toEqual([]);
    const other = await place.night();
    expect(other.stderr).toMatch(/NIGHT_BUSY .*nightly\.lock: process \d+ is at its night/);
    expect(other.code).toBe(2);
    process.kill(-pid, 'SIGKILL');
    await done;
    const name = readdirSync(place.out).find((entry) => /^\d/.test(entry)) ?? '';
    const before = judgedIn(join(place.out, name, 'cover'));
    const { spentMs } = JSON.parse(readFileSync(join(place.out, name, 'night.json'), 'utf8')) as NightReport;
    const resumed = await place.night('--runs', '4', '--json');
    const report = parse(resumed.stdout);
    expect(report).toMatchObject({ night: name, exitCode: 0, candidates: { cover: 4 }, counts: { passed: 4 }, coverage: [{ covered: 4, left: 0 }] });
    expect(report.spentMs.cover).toBeGreaterThan(spentMs.cover);
    for (const seed of before) expect(resumed.stderr).not.toContain(`#${seed.split('_').at(-3)} arm64 building`);
    expect(readdirSync(join(cache, 'kinfuzz', 'work'))).toEqual([]);
  });
});

test('coverage goes on where earlier nights stopped; a Kconfig change that takes a value away is told with its line, and one that gives it back', async () => {
  const place = new Place();
  expect(parse((await place.night('--runs', '3', '--json')).stdout)).toMatchObject({ coverage: [{ covered: 3, left: 1 }] });
  expect(parse((await place.night('--runs', '1', '--json')).stdout)).toMatchObject({ candidates: { cover: 1, random: 0 }, coverage: [{ covered: 4, left: 0 }] });
  place.edit('lib/Kconfig.debug', (text) => text.replace('config RUST_DEBUG_ASSERTIONS\n', 'config RUST_DEBUG_ASSERTIONS\n\tdepends on !ARM64\n'));
  const lost = await place.night('--runs', '1', '--json');
  expect(parse(lost.stdout).shifts).toMatchObject([{ arch: 'arm64', impossible: [{ choices: { debug: 'on' }, why: expect.stringContaining('lib/Kconfig.debug:') as string }], reachable: [] }]);
  expect(lost.code).toBe(0);
  place.edit('lib/Kconfig.debug', (text) => text.replace('\tdepends on !ARM64\n', ''));
  expect(parse((await place.night('--runs', '1', '--json')).stdout).shifts).toMatchObject([{ arch: 'arm64', impossible: [], reachable: [{ choices: { debug: 'on' } }] }]);
});

describe('the user\'s mistakes', () => {
  test.each([
    ['a baseline that is none', ['--baseline', '/nowhere'], 'BASELINE_UNKNOWN'],
    ['no room on the disk', ['--disk', '1M'], 'DISK_BUDGET'],
    ['a space of which nothing is built', ['--space', 'gating'], 'NIGHT_CONFIG'],
    ['the history of no nights', ['--history'], 'NIGHTS_UNKNOWN'],
    ['known issues that are nowhere', ['--known', '/nowhere'], 'KNOWN_UNREADABLE'],
  ])('%s', async (_, args, code) => {
    const place = new Place();
    const outcome = await place.night(...args);
    expect(outcome.stderr).toContain(code);
    expect(outcome.code).toBe(2);
    expect(listNights(place.out)).toEqual([]);
  });
});

test('the machine\'s fault is no finding, and no clean night', async () => {
  const { stdout, code } = await new Place().night('--runs', '1', '--timeout', '0.05s', '--json');
  expect(parse(stdout)).toMatchObject({ outcome: 'faulty', findings: [], faults: { TIME_LIMIT: 1 } });
  expect(code).toBe(3);
});
