import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { holdToken, openJobserver } from '../../src/util/jobserver.ts';

const never = new AbortController().signal;

test('no more tasks hold a token at once than there are tokens', async () => {
  const { jobserver, close } = await openJobserver(join(mkdtempSync(join(tmpdir(), 'kinfuzz-jobs-')), 'j'), 2);
  let running = 0;
  let most = 0;
  const task = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(30);
    running -= 1;
  };
  await Promise.all(Array.from({ length: 6 }, () => holdToken(jobserver, never, task)));
  await close();
  expect(most).toBe(2);
});

test('a refill brings back what a killed make took along', async () => {
  const { jobserver, close, refill } = await openJobserver(join(mkdtempSync(join(tmpdir(), 'kinfuzz-jobs-')), 'j'), 1);
  const stuck = new AbortController();
  const order: string[] = [];
  // The token is taken and never given back by this one.
  void holdToken(jobserver, never, () => new Promise(() => {}));
  const waiting = holdToken(jobserver, stuck.signal, async () => { order.push('ran'); });
  await sleep(150);
  expect(order).toEqual([]);
  refill();
  await waiting;
  expect(order).toEqual(['ran']);
  await close();
});
