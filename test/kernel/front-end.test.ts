import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { resolveOurselves } from '../../src/kconfig/front-end.ts';
import { resolveConfig } from '../../src/kconfig/resolve.ts';
import { formatRequests } from '../../src/sampler/requests.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { loadSpace } from '../../src/space/load.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { enterToolchain } from '../../src/tree/enter.ts';
import { makeArgv } from '../../src/tree/make.ts';
import { openTree } from '../../src/tree/open.ts';
import { arches, type Toolchain, type Tree } from '../../src/tree/records.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { runCommand } from '../../src/util/process.ts';

const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: () => {}, signal };
let tree: Tree;
let toolchain: Toolchain;
let sampler: Sampler;

beforeAll(async () => {
  ({ tree } = await openTree(setUp, 'debian:linux-source-7.3', ''));
  toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
  sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, null);
});

describe.each(arches)('on %s', (arch) => {
  const fragments = () => [...take(sampler.candidates(11, [arch]), 3)].map(formatRequests);

  test('candidates resolve as the kernel\'s own conf resolves them', async () => {
    for (const fragment of fragments()) {
      const objtree = mkdtempSync(join(tmpdir(), 'kinfuzz-front-end-'));
      const judged = await resolveConfig({ tree, toolchain, arch, fragment, objtree, timeoutMs: 300_000, signal });
      const own = await resolveOurselves({ tree, toolchain, cache: setUp.cache }, arch, fragment, signal);
      expect(judged).toMatchObject({ kind: 'resolved', config: own.config });
    }
  });

  test('make takes the files of syncconfig for its own: it builds and starts no conf', async () => {
    const objtree = join(mkdtempSync(join(tmpdir(), 'kinfuzz-front-end-')), 'obj');
    mkdirSync(objtree);
    const [fragment] = fragments();
    const own = await resolveOurselves({ tree, toolchain, cache: setUp.cache }, arch, fragment ?? '', signal);
    own.writeTo(objtree);
    const places = { source: tree, objtree };
    const argv = makeArgv(toolchain, arch, places, ['V=1', 'scripts_basic']);
    const { exit, stdout, stderr } = await runCommand({ argv, sandbox: enterToolchain(toolchain, places), timeoutMs: 300_000, signal });
    expect({ exit, stderr }).toMatchObject({ exit: { kind: 'exited', code: 0 } });
    expect(existsSync(join(objtree, 'scripts/basic/fixdep'))).toBe(true);
    expect(stdout).not.toMatch(/syncconfig|scripts\/kconfig\/conf/);
    expect(existsSync(join(objtree, 'scripts/kconfig/conf'))).toBe(false);
  });
});

function* take<T>(source: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const value of source) {
    if (taken === count) return;
    taken += 1;
    yield value;
  }
}
