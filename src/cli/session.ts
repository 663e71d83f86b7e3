import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunMeta } from '../engine/journal.ts';
import { indexSymbols } from '../kconfig/symbols.ts';
import type { PassName } from '../property/contract.ts';
import { loadProperties } from '../property/runner.ts';
import { checkSpace } from '../sampler/check-space.ts';
import { openSampler, type Sampler } from '../sampler/sampler.ts';
import { checkProperties, checkSymbols, type LoadedSpace, loadSpace } from '../space/load.ts';
import type { SetUp } from '../tree/cache.ts';
import { cleanPackages, ensurePackages } from '../tree/host-packages.ts';
import { openTree, type OpenTree } from '../tree/open.ts';
import type { Arch, Toolchain } from '../tree/records.ts';
import { openToolchain, type ToolchainChoice } from '../tree/toolchain.ts';
import { UserError } from '../util/errors.ts';
import { startOf } from '../util/alive.ts';
import { makeDirectory } from '../util/files.ts';
import { openJobserver } from '../util/jobserver.ts';
import { availableParallelism } from 'node:os';
import { places } from './options.ts';

/** What every command that builds needs: a tree, a toolchain that fits it, and a space that fits the tree. */
export type Session = { open: OpenTree; toolchain: Toolchain; loaded: LoadedSpace };

/** Opens all three, cheapest mistakes first: the space's own, the tree's, then the toolchain's. `mayLack`: the tree may have lost symbols. */
export async function openSession(setUp: SetUp, wanted: { tree: string; toolchain: ToolchainChoice; space: string; isSandboxed: boolean; passes?: readonly PassName[]; mayLack?: boolean }): Promise<Session> {
  const loaded = await loadSpace(wanted.space, places.spaces);
  checkProperties(loaded, (await loadProperties(places.properties)).map(({ name }) => name));
  await makeDirectory(setUp.cache).catch((error: unknown) => {
    throw new UserError({ code: 'CACHE_UNWRITABLE', message: `the cache folder cannot be made: ${error instanceof Error ? error.message : String(error)}`, place: { file: setUp.cache }, hint: 'name another with XDG_CACHE_HOME' });
  });
  if (wanted.passes?.includes('clean')) await ensurePackages(setUp, cleanPackages);
  const open = await openTree(setUp, wanted.tree, places.embedded);
  const symbols = await indexSymbols(open.tree.directory);
  try {
    checkSymbols(loaded, symbols, open.tree.spec);
  } catch (error) {
    if (!(wanted.mayLack && error instanceof UserError && error.code === 'SPACE_SYMBOL')) throw error;
    setUp.say(`the space asks for what is gone: ${error.message}`);
  }
  const toolchain = await openToolchain(setUp, wanted.toolchain, open.tree.kind, wanted.isSandboxed);
  return { open, toolchain, loaded };
}

/** What a run of this session is of; `source`: the space as the user named it. */
export function metaOf({ open, toolchain, loaded }: Session, run: Pick<RunMeta, 'runSeed' | 'cover' | 'runs' | 'arches' | 'passes'> & { source: string }): RunMeta {
  const { runSeed, cover, runs, arches, passes, source } = run;
  return {
    space: { name: loaded.space.space, hash: loaded.space.hash, source: source.includes('/') ? resolve(source) : source },
    tree: { spec: open.tree.spec, fingerprint: open.tree.fingerprint },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    runSeed, cover, arches, runs, passes,
  };
}

/** What draws the session's candidates; a space that cannot give what it speaks of ends here. */
export async function openSessionSampler({ open, toolchain, loaded }: Session, { cache, signal }: SetUp, arches: readonly Arch[] | null): Promise<Sampler> {
  const sampler = await openSampler({ tree: open.tree, toolchain, cache, signal }, loaded.space, arches);
  checkSpace(sampler, loaded);
  return sampler;
}

/** A folder below the cache for objtrees (those of processes that have died are removed first), and a jobserver where the toolchain's make knows how to share one. */
export async function openWorkshop(setUp: SetUp, name: string, toolchain: Toolchain, kind: 'embedded' | 'kernel', keep: boolean) {
  const works = join(setUp.cache, 'work');
  await removeOrphans(works);
  const work = join(works, keep ? `kept-${process.pid}-${name}` : `${process.pid}-${name}`);
  await mkdir(work, { recursive: true });
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(toolchain.tools.make?.version ?? '')?.slice(1).map(Number) ?? [];
  const sharesPipe = kind === 'kernel' && (major > 4 || (major === 4 && minor >= 4));
  const jobserver = sharesPipe ? await openJobserver(join(work, 'jobserver'), availableParallelism()) : null;
  return {
    work,
    jobserver,
    async close() {
      await jobserver?.close();
      if (!keep) await rm(work, { recursive: true, force: true });
    },
  };
}

async function removeOrphans(works: string): Promise<void> {
  const names: string[] = await readdir(works).catch(() => []);
  for (const name of names) {
    const owner = Number(/^(\d+)-/.exec(name)?.[1] ?? Number.NaN);
    if (owner > 0 && startOf(owner) === null) await rm(join(works, name), { recursive: true, force: true });
  }
}
