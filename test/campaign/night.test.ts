import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findLastNight, listRotten, type NightPlan, openNight, openPhase, readBaseline, readUntold, saveNight } from '../../src/campaign/night.ts';
import { createJournal, type RunMeta } from '../../src/engine/journal.ts';
import { makeVerdict } from '../support/verdict.ts';

const plan: NightPlan = { tree: { spec: 'embedded', version: null, fingerprint: 'f' }, space: { name: 's', hash: 'h' }, toolchain: { kind: 'host', fingerprint: 't' }, arches: null, passes: [], cover: 2 };
const meta: RunMeta = { space: { name: 's', hash: 'h', source: 's' }, tree: { spec: 'embedded', fingerprint: 'f' }, toolchain: { kind: 'host', fingerprint: 't' }, runSeed: 1, cover: 0, arches: null, runs: null, passes: [] };
const hour = 60 * 60_000;
const fresh = () => mkdtempSync(join(tmpdir(), 'kinfuzz-night-'));
const begin = (out: string, name: string, now = 0, wanted = plan) => openNight(out, wanted, { name, seed: 1, now, baseline: null, remembered: [] });
const end = (directory: string, parts: object = {}) => writeFileSync(join(directory, 'nightly.json'), JSON.stringify({ kind: 'night', version: 1, night: directory.split('/').at(-1), tree: plan.tree, space: plan.space, findings: [], reach: [], ...parts }));
const failed = makeVerdict({ verdict: 'failed', config: '', failures: [{ property: 'tidy', signature: 'tidy:00000001', summary: 's', evidence: [] }] });

describe('a night', () => {
  test('goes on with what it has spent and done', async () => {
    const out = fresh();
    const first = await begin(out, '20261122-220000');
    first.state.spentMs.cover = 1234;
    first.state.done.push('corpus');
    await saveNight(first);
    const again = await begin(out, '20261123-020000', 19 * hour);
    expect(again).toEqual({ ...first, isResumed: true });
  });

  test('is another one the next night, of another tree, or after it has ended', async () => {
    const out = fresh();
    await begin(out, '20261122-220000');
    const second = await begin(out, '20261123-220000', 20 * hour);
    expect(second.name).toBe('20261123-220000');
    expect((await begin(out, '20261122-220000', 1, { ...plan, tree: { ...plan.tree, fingerprint: 'g' } })).name).toBe('20261122-220000-2');
    end(second.directory);
    expect((await begin(out, '20261124-220000', 21 * hour)).isResumed).toBe(false);
  });

  test('of another space in the same folder is left alone', async () => {
    const out = fresh();
    const first = await begin(out, '20261122-220000');
    await begin(out, '20261122-230000', hour, { ...plan, space: { name: 'other', hash: 'h' } });
    expect((await begin(out, '20261123-000000', 2 * hour)).name).toBe(first.name);
    end(first.directory);
    expect(findLastNight(out, plan)).toBe(first.directory);
    expect(findLastNight(out, { ...plan, space: { name: 'other', hash: 'h' } })).toBeNull();
  });

  test('has each phase\'s journal once, and anew where it was cut short at once', async () => {
    const night = await begin(fresh(), '20261122-220000');
    const journal = await openPhase(night, 'cover', meta);
    journal.record(failed, [null]);
    journal.close();
    const again = await openPhase(night, 'cover', meta);
    expect(again.verdicts()).toEqual([failed]);
    mkdirSync(join(night.directory, 'random'));
    const other = await openPhase(night, 'random', meta);
    expect(other.directory).toBe(join(night.directory, 'random'));
  });
});

test('what a night showed that was broken off is untold, until a night has ended', async () => {
  const out = fresh();
  const broken = await begin(out, '20261120-220000');
  const journal = await openPhase(broken, 'cover', meta);
  journal.record(failed, ['CONFIG_A=y\n']);
  journal.close();
  mkdirSync(join(broken.directory, 'random'));
  writeFileSync(join(broken.directory, 'random', 'run.db'), '');
  const now = await begin(out, '20261122-220000', 48 * hour);
  expect(readUntold(out, plan, now.name).flatMap(({ findings }) => findings)).toMatchObject([{ signature: 'tidy:00000001' }]);
  end(now.directory);
  expect(readUntold(out, plan, '')).toEqual([]);
});

test('a run is a baseline too, and so is a folder of nights; anything else is the user\'s mistake', async () => {
  const out = fresh();
  const journal = await createJournal(join(out, 'run'), meta);
  journal.record(failed, []);
  journal.close();
  expect(readBaseline(join(out, 'run'))).toMatchObject({ name: 'run', findings: [{ signature: 'tidy:00000001', state: 'new' }], reach: [] });
  const night = await begin(join(out, 'nights'), '20261122-220000');
  expect(() => readBaseline(join(out, 'nights'))).toThrow(expect.objectContaining({ code: 'BASELINE_UNKNOWN' }));
  end(night.directory);
  expect(readBaseline(join(out, 'nights'))).toMatchObject({ name: '20261122-220000' });
  expect(() => readBaseline('/nowhere')).toThrow(expect.objectContaining({ code: 'BASELINE_UNKNOWN' }));
});

test('old nights go, but not one that first had what is open, nor the last of a kind', async () => {
  const out = fresh();
  const names = ['20261101-220000', '20261102-220000', '20261103-220000', '20261104-220000', '20261105-220000'];
  for (const [index, name] of names.entries()) {
    const night = await begin(out, name, index * 48 * hour, index === 0 ? { ...plan, space: { name: 'other', hash: 'h' } } : plan);
    const findings = [{ signature: 'a', state: 'still', since: names[1] }, { signature: 'b', state: 'gone', since: names[2] }];
    end(night.directory, index === 0 ? { space: { name: 'other', hash: 'h' } } : { findings });
  }
  expect(listRotten(out, 2)).toEqual([names[2]]);
  expect(listRotten(out, 5)).toEqual([]);
  expect(existsSync(join(out, names[2] ?? ''))).toBe(true);
});
