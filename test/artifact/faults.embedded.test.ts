import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openArtifacts } from '../../src/artifact/open.ts';
import { UnreadableArtifact } from '../../src/artifact/unreadable.ts';
import { InfraError } from '../../src/util/errors.ts';
import { openTiny, type Tiny } from './tiny.ts';

let tiny: Tiny;
beforeAll(async () => {
  tiny = await openTiny();
  await tiny.write('empty.c', '');
  await tiny.write('helper.c', 'int outside(void); int helper(void) { return outside() + 1; }');
  await tiny.run('clang', '-c', 'helper.c', '-o', 'helper.o');
  await tiny.run('clang', '-c', '-emit-llvm', 'helper.c', '-o', 'helper.bc');
});
afterAll(() => tiny.remove());

describe('whose fault it is', () => {
  test.each([['cut.o'], ['nowhere.o'], ['helper.bc'], ['empty.c']])('%s is no ELF file: the build', async (path) => {
    if (path === 'cut.o') {
      await tiny.run('cp', 'helper.o', path);
      await truncate(join(tiny.directory, path), 400);
    }
    await expect(tiny.reader.elf(path)).rejects.toBeInstanceOf(UnreadableArtifact);
  });

  test('bitcode cut short: the build, in the words of the tool', async () => {
    await tiny.run('cp', 'helper.bc', 'cut.bc');
    await truncate(join(tiny.directory, 'cut.bc'), 1000);
    const error: unknown = await tiny.reader.bitcode('cut.bc').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreadableArtifact);
    expect(error).toMatchObject({ path: 'cut.bc', tool: 'llvm-dis', reason: expect.stringContaining('error') });
  });

  test('a tool that the toolchain lacks, or that is gone: the infrastructure', async () => {
    const { 'llvm-readobj': readobj, ...without } = tiny.toolchain.tools;
    const lacking = openArtifacts({ objtree: tiny.directory }, { ...tiny.toolchain, tools: without });
    await expect(lacking.elf('helper.o')).rejects.toMatchObject({ name: 'InfraError', code: 'TOOL_MISSING' });
    const gone = { ...without, 'llvm-readobj': { path: '/nowhere/llvm-readobj', version: readobj?.version ?? '' } };
    const reader = openArtifacts({ objtree: tiny.directory }, { ...tiny.toolchain, tools: gone });
    await expect(reader.elf('helper.o')).rejects.toBeInstanceOf(InfraError);
  });

  test('a tool that does not do what it should: the infrastructure', async () => {
    const tools = { ...tiny.toolchain.tools, 'llvm-readobj': { path: '/bin/echo', version: '' } };
    const reader = openArtifacts({ objtree: tiny.directory }, { ...tiny.toolchain, tools });
    await expect(reader.elf('helper.o')).rejects.toMatchObject({ code: 'TOOL_OUTPUT' });
  });
});
