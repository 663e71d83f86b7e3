import { appendFileSync, cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkCandidate } from '../../src/engine/check.ts';
import { loadSpace } from '../../src/space/load.ts';
import { findHostToolchain } from '../../src/tree/host.ts';

const signal = new AbortController().signal;

test('a Kconfig file that nobody can read ends the run as the user\'s mistake, with its place', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'kinfuzz-check-')), 'tree');
  cpSync('corpus/embedded', directory, { recursive: true });
  appendFileSync(join(directory, 'Kconfig'), 'config BROKEN\n\tboool "x"\n');
  const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
  const toolchain = await findHostToolchain({ isSandboxed: true, signal });
  const home = mkdtempSync(join(tmpdir(), 'kinfuzz-check-'));
  const task = {
    tree: { kind: 'embedded' as const, spec: 'embedded', directory, version: null, fingerprint: 'broken' }, toolchain, space, runSeed: 1, index: 0,
    work: join(home, 'work'), jobserver: null, timeoutMs: 60_000, keep: false, cache: home, certifyEvery: 1,
  };
  const checked = checkCandidate(task, { properties: [], signal, onStage: () => {} });
  await expect(checked).rejects.toMatchObject({ name: 'UserError', place: { file: expect.stringContaining('Kconfig'), line: expect.any(Number) } });
});
