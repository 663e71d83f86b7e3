import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { keepHostParts, placeHostParts, seedHostParts } from '../../src/pipeline/kbuild/host-parts.ts';
import type { Tree } from '../../src/tree/records.ts';
import { hostToolchain, withDirectory } from '../support/toolchain.ts';

const tree: Tree = { kind: 'kernel', spec: '/t', directory: '/t', version: '7.3.4', fingerprint: '0'.repeat(64) };

async function fill(objtree: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(objtree, file)), { recursive: true });
    await writeFile(join(objtree, file), file);
  }
}

const shared = ['include/config/auto.conf', 'rust/.libmacros.so.cmd', 'rust/host/.libsyn.rlib.cmd', 'rust/host/libsyn.rlib', 'rust/libmacros.so', 'tools/objtool/arch/x86/decode.o', 'tools/objtool/objtool'];
const own = ['.config', 'include/generated/autoconf.h', 'rust/core.o', 'rust/helpers/helpers.bc', 'rust/libcore.rmeta', 'scripts/target.json'];

test('an objtree begins with what its predecessor made for the host, and with nothing else', async () => {
  await withDirectory(async (directory) => {
    const toolchain = await hostToolchain();
    const { signal } = new AbortController();
    const store = placeHostParts(directory, tree, toolchain, 'x86_64') ?? '';
    const [first, second] = ['first', 'second'].map((name) => ({ store, toolchain, signal, objtree: join(directory, name) })) as [never, never];
    await fill(join(directory, 'first'), [...shared, ...own]);
    await mkdir(join(directory, 'second'));
    await seedHostParts(first);
    await utimes(join(directory, 'first/rust/libmacros.so'), 1_700_000_000, 1_700_000_000.123456);
    await keepHostParts(first);
    // Only the first is kept.
    await fill(join(directory, 'first'), ['tools/objtool/later']);
    await keepHostParts(first);
    await seedHostParts(second);
    const entries = await readdir(join(directory, 'second'), { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(join(directory, 'second').length + 1)).sort()).toEqual(shared);
    for (const file of shared) {
      const [before, after] = await Promise.all(['first', 'second'].map((name) => stat(join(directory, name, file), { bigint: true })));
      expect(after?.mtimeNs).toBe(before?.mtimeNs);
      expect(await readFile(join(directory, 'second', file), 'utf8')).toBe(file);
    }
  });
});

test('each tree, toolchain and architecture has its own, and what runs outside the sandbox none', async () => {
  const toolchain = await hostToolchain();
  const place = placeHostParts('/c', tree, toolchain, 'x86_64');
  expect(place).toMatch(/^\/c\/host-parts\/[0-9a-f]{16}-x86_64$/);
  expect(placeHostParts('/c', { ...tree, fingerprint: '1'.repeat(64) }, toolchain, 'x86_64')).not.toBe(place);
  expect(placeHostParts('/c', tree, { ...toolchain, fingerprint: '1' }, 'x86_64')).not.toBe(place);
  expect(placeHostParts('/c', tree, { ...toolchain, isSandboxed: false }, 'x86_64')).toBeNull();
  expect(placeHostParts('/c', { ...tree, kind: 'embedded' }, toolchain, 'x86_64')).toBeNull();
});
