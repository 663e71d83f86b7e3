import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findUnignored } from '../../src/tree/ignored.ts';
import type { Tree } from '../../src/tree/records.ts';
import { hostToolchain, withDirectory } from '../support/toolchain.ts';

const { signal } = new AbortController();

/** What git lets through of the paths, in a tree of these `.gitignore` files. */
async function unignored(files: Record<string, string>, paths: readonly string[]): Promise<string[]> {
  return withDirectory(async (directory) => {
    for (const [folder, text] of Object.entries(files)) {
      mkdirSync(join(directory, folder), { recursive: true });
      writeFileSync(join(directory, folder, '.gitignore'), text);
    }
    const tree: Tree = { kind: 'kernel', spec: directory, directory, version: null, fingerprint: '' };
    return findUnignored(tree, await hostToolchain(), paths, signal);
  });
}

const paths = ['rust/kernel.bc', 'rust/helpers/helpers.bc', 'kernel/time/timeconst.bc'];

test('the rules of every folder count', async () => {
  expect(await unignored({ '.': '*.bc\n!kernel/time/timeconst.bc\n' }, paths)).toEqual(['kernel/time/timeconst.bc']);
  expect(await unignored({ '.': '*.o\n', rust: '*.bc\n' }, paths)).toEqual(['kernel/time/timeconst.bc']);
  expect(await unignored({ '.': '*.bc\n', 'rust/helpers': '!helpers.bc\n' }, paths)).toEqual(['rust/helpers/helpers.bc']);
});

test('without rules nothing is ignored', async () => {
  expect(await unignored({}, paths)).toEqual(paths);
});

test("a rule of Debian's packaging, which ignores everything, says nothing", async () => {
  expect(await unignored({ '.': '*.o\n/*\n!/debian/\n' }, paths)).toEqual(paths);
});

test('nothing to ask about', async () => {
  expect(await unignored({}, [])).toEqual([]);
});
