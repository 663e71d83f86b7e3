import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { arches } from '../../src/tree/records.ts';

/** A small fixed part of `npm run parity`: the all-configs, every defconfig, and three random configurations. */
test.each(arches)('our front end writes what conf writes, on %s', (arch) => {
  const { status, stdout } = spawnSync(process.execPath, ['test/kernel/parity.ts', '--arch', arch, '--seeds', '3', '--first-seed', '1'], { encoding: 'utf8' });
  expect(stdout).toMatch(/\d+ agreed, 0 differed/);
  expect(status).toBe(0);
});
