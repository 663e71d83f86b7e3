import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Edit, editTree } from '../../src/tree/edit.ts';
import { enterToolchain } from '../../src/tree/enter.ts';
import type { Toolchain, Tree } from '../../src/tree/records.ts';

const directory = mkdtempSync(join(tmpdir(), 'kinfuzz-edit-'));
writeFileSync(join(directory, 'Makefile'), 'flags := -a -b\nmore := -b $(flags)\n');
const tree: Tree = { kind: 'kernel', spec: directory, directory, version: null, fingerprint: 'f' };
const edit = (...edits: Omit<Edit, 'file'>[]) => editTree(tree, edits.map((one) => ({ file: 'Makefile', ...one })), mkdtempSync(join(tmpdir(), 'kinfuzz-edited-')));

describe('a tree with edits', () => {
  test('shows its commands other files, and stays as it is', async () => {
    const edited = await edit({ find: /-b/, replace: '$& $(b)', times: 2 }, { find: /^more/m, replace: 'less', times: 1 });
    if ('misfit' in edited) throw new Error(edited.misfit);
    expect(readFileSync(edited.edited?.['Makefile'] ?? '', 'utf8')).toBe('flags := -a $& $(b)\nless := $& $(b) $(flags)\n');
    expect(readFileSync(join(directory, 'Makefile'), 'utf8')).toBe('flags := -a -b\nmore := -b $(flags)\n');
    expect(edited.fingerprint).not.toBe(tree.fingerprint);
    const sandbox = enterToolchain({ isSandboxed: true, root: '/', path: [], env: {} } as unknown as Toolchain, { source: edited, objtree: null });
    if (sandbox.kind !== 'bubblewrap') throw new Error('no sandbox');
    // What stands in the place of a file comes after the tree.
    expect(sandbox.readOnly.map(({ to }) => to)).toEqual(['/src', '/src/Makefile']);
    expect(() => enterToolchain({ isSandboxed: false, path: [], env: {} } as unknown as Toolchain, { source: edited, objtree: null })).toThrow(/without a sandbox/);
  });

  test('is none where an edit does not fit', async () => {
    expect(await edit({ find: /-c/, replace: '', times: 1 })).toEqual({ misfit: "this tree's Makefile has no /-c/" });
    expect(await edit({ find: /-b/, replace: '', times: 1 })).toEqual({ misfit: "this tree's Makefile has 2 /-b/, not 1" });
    expect(await editTree(tree, [{ file: 'rust/Makefile', find: /x/, replace: '', times: 1 }], directory)).toEqual({ misfit: 'this tree has no rust/Makefile' });
  });
});
