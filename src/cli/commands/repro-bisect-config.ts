import { resolve } from 'node:path';
import { minimizeFinding } from '../../campaign/minimize.ts';
import { placeSearch } from '../../campaign/minimize-run.ts';
import { openTrials } from '../../campaign/trials.ts';
import { openGiven } from '../../corpus/given/open.ts';
import type { Given } from '../../corpus/given/records.ts';
import { formatMinimized, formatProgress } from '../../report/minimized.ts';
import { arches, type Arch } from '../../tree/records.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandName, defaultJobs, places } from '../options.ts';
import { requireWritable } from '../run-folder.ts';
import { openSession, openWorkshop } from '../session.ts';
import { chooseTree, neededPasses, type ReplayTools, type ReproOptions, textOfConfig } from './repro-run.ts';

/** Finds the few assignments that, on top of the first configuration, give the failure of the second; gives the exit code. */
export async function bisectConfigs(what: readonly string[], options: ReproOptions, tools: ReplayTools): Promise<number> {
  const { setUp, properties, tell } = tools;
  const [good, bad, ...more] = what;
  if (good === undefined || bad === undefined || more.length > 0) throw new UserError({ code: 'TWO_WANTED', message: `--bisect-config takes two configurations, and ${what.length} ${what.length === 1 ? 'is' : 'are'} given`, hint: `${commandName} repro --bisect-config GOOD BAD` });
  const context = { corpus: places.corpus, properties: properties.map(({ name }) => name) };
  const [fine, broken] = [await openGiven(good, context), await openGiven(bad, context)];
  const arch = chooseArch(fine, broken, options.arch);
  const out = resolve(options.out);
  await requireWritable(out);
  const passes = neededPasses([...options.passes, ...broken.passes], options.property === undefined ? broken.signatures : [options.property], properties);
  const { open, toolchain, loaded } = await openSession(setUp, {
    tree: options.tree ?? (await chooseTree(broken, tools)), toolchain: options.toolchain, space: options.space ?? broken.space ?? 'inline-helpers', isSandboxed: options.sandbox, passes,
  });
  const texts = { good: textOfConfig(fine, loaded.space, arch), bad: textOfConfig(broken, loaded.space, arch) };
  const about = { tree: open.tree, toolchain, space: loaded.space };
  const property = options.property ?? broken.signatures[0] ?? null;
  const store = await openTrials(placeSearch(out, about, { what: `${arch}\n${texts.bad}\non top of\n${texts.good}`, property, passes }));
  if (store.known.size > 0) tell(`goes on after ${store.known.size} trials in ${store.directory}`);
  const workshop = await openWorkshop(setUp, 'bisect-config', toolchain, open.tree.kind, false);
  try {
    const result = await minimizeFinding({
      ...about, arch, failing: texts.bad, good: { name: good, config: texts.good }, property, properties, passes, store, passing: [],
      work: workshop.work, jobserver: workshop.jobserver?.jobserver ?? null, cache: setUp.cache, timeoutMs: options.timeout, width: defaultJobs(open.tree.kind), signal: setUp.signal,
      say: tell,
      onProgress: (progress) => tell(formatProgress(progress)),
    });
    if (result.kind === 'passes') throw new UserError({ code: 'BAD_PASSES', message: `it does not fail${property === null ? '' : ` with ${property}`}`, place: { file: bad }, hint: 'BAD has to be a configuration that fails here; are GOOD and BAD the wrong way round?' });
    process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${formatMinimized(result)}\n`);
    return result.isConfirmed ? exitCodes.findings : exitCodes.infra;
  } catch (error) {
    if (!setUp.signal.aborted) throw error;
    tell(`stopped; what was found so far: ${store.directory}/best.config; the same command goes on`);
    return exitCodes.stopped;
  } finally {
    await workshop.close();
  }
}

function chooseArch(good: Given, bad: Given, wanted: Arch | undefined): Arch {
  const [one, other] = [good, bad].map(({ arch }) => (arch?.kind === 'foreign' ? arch.name : arch?.arch));
  if (wanted === undefined && one !== undefined && other !== undefined && one !== other) throw new UserError({ code: 'ARCHES_DIFFER', message: `this configuration is for ${other}, the other one for ${one}`, place: bad.place, hint: 'two of one architecture are wanted' });
  const arch = wanted ?? arches.find((known) => known === (other ?? one));
  if (arch === undefined) throw new UserError({ code: 'ARCH_UNKNOWN', message: other === undefined ? 'neither configuration says which architecture it is for' : `kinfuzz does not build for ${other}`, place: bad.place, hint: `say it with --arch: ${arches.join(', ')}` });
  return arch;
}
