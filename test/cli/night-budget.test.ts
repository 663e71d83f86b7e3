import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Night, NightState } from '../../src/campaign/night.ts';
import { NightBudget } from '../../src/cli/night-budget.ts';

const mib = 1024 ** 2;

function open(mostBytes: number | null): { night: Night; out: string; work: string; budget: NightBudget } {
  const top = mkdtempSync(join(tmpdir(), 'kinfuzz-budget-'));
  const [out, work] = [join(top, 'out'), join(top, 'work')];
  for (const directory of [out, work]) mkdirSync(directory);
  const plan: NightState['plan'] = { tree: { spec: 't', version: null, fingerprint: 'f' }, space: { name: 's', hash: 'h' }, toolchain: { kind: 'host', fingerprint: 'g' }, arches: null, passes: [], cover: 2 };
  const night: Night = { name: 'night', directory: out, isResumed: false, state: { plan, startedAt: 0, seed: 1, baseline: null, remembered: [], spentMs: { corpus: 0, cover: 1000, random: 0, minimize: 0 }, done: [] } };
  return { night, out, work, budget: new NightBudget(night, { mostMs: 10_000, mostBytes, reserveBytes: mib, out, work }) };
}
const fill = (file: string, size: number) => writeFileSync(file, Buffer.alloc(size, 1));

test('time counts in a phase alone, on top of what was spent before, and is written down', async () => {
  const { night, out, budget } = open(null);
  await setTimeout(50);
  expect(budget.spentMs).toBe(1000);
  budget.begin('random');
  await setTimeout(50);
  budget.begin(null);
  const { spentMs } = budget;
  expect(spentMs).toBeGreaterThanOrEqual(1049);
  await setTimeout(50);
  expect(budget.spentMs).toBe(spentMs);
  expect(budget.leftMs).toBe(10_000 - spentMs);
  await budget.close();
  expect((JSON.parse(readFileSync(join(out, 'night.json'), 'utf8')) as NightState).spentMs).toEqual(night.state.spentMs);
});

test('no candidate is begun that could bring the disk above its limit, and what does is given up', async () => {
  const { out, work, budget } = open(6 * mib);
  await budget.measure();
  expect(budget.isTight).toBe(false);
  fill(join(work, 'objects'), 4 * mib);
  await budget.measure();
  expect(budget.isTight).toBe(false);
  // The next one may take as much as the largest so far.
  rmSync(join(work, 'objects'));
  fill(join(out, 'run.db'), 3 * mib);
  await budget.measure();
  expect([budget.isTight, budget.full.aborted]).toEqual([true, false]);
  fill(join(work, 'objects'), 4 * mib);
  await budget.measure();
  expect(budget.full.aborted).toBe(true);
  await budget.close();
});

test('without a limit nothing is measured', async () => {
  const { out, budget } = open(null);
  fill(join(out, 'run.db'), 3 * mib);
  await budget.measure();
  expect([budget.isTight, budget.full.aborted]).toEqual([false, false]);
  await budget.close();
});
