import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { SetUp } from '../../src/tree/cache.ts';
import { ensureUnchanged, openTree, type OpenTree } from '../../src/tree/open.ts';

const home = mkdtempSync(join(tmpdir(), 'kinfuzz-tree-'));
const directory = join(home, 'linux');
const setUp: SetUp = { cache: join(home, 'cache'), mayInstall: false, mirror: null, say: () => {}, signal: new AbortController().signal };
const open = (place = directory) => openTree(setUp, place, '');

function makeKernel(place: string): void {
  mkdirSync(join(place, 'lib'), { recursive: true });
  writeFileSync(join(place, 'Makefile'), 'VERSION = 7\nPATCHLEVEL = 4\nSUBLEVEL = 0\nEXTRAVERSION = -rc1\n');
  writeFileSync(join(place, 'lib/Kconfig.debug'), 'config RUST_INLINE_HELPERS\n\tbool "x"\n');
}

describe('a tree in a directory', () => {
  let opened: OpenTree;
  beforeAll(async () => {
    makeKernel(directory);
    opened = await open();
  });

  test('has a version and a fingerprint that is its content\'s, wherever it lies', async () => {
    makeKernel(join(home, 'copy'));
    const copy = await open(join(home, 'copy'));
    expect(opened.tree).toMatchObject({ kind: 'kernel', version: '7.4.0-rc1', spec: directory });
    expect(copy.tree.fingerprint).toBe(opened.tree.fingerprint);
  });

  test('that rests is unchanged; git\'s own files do not count', async () => {
    mkdirSync(join(directory, '.git'), { recursive: true });
    writeFileSync(join(directory, '.git/index'), 'x');
    await expect(ensureUnchanged(opened, setUp.signal)).resolves.toBeUndefined();
  });

  test('that is edited in the middle of a run ends the run', async () => {
    writeFileSync(join(directory, 'lib/new.c'), '');
    await expect(ensureUnchanged(opened, setUp.signal)).rejects.toMatchObject({ code: 'TREE_CHANGED' });
    expect((await open()).tree.fingerprint).not.toBe(opened.tree.fingerprint);
  });
});
