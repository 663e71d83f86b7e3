import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readPassing } from '../../campaign/earlier.ts';
import { completeFinding, findKept } from '../../campaign/findings.ts';
import { minimizeFinding } from '../../campaign/minimize.ts';
import { placeSearch } from '../../campaign/minimize-run.ts';
import { openTrials } from '../../campaign/trials.ts';
import { openGiven } from '../../corpus/given/open.ts';
import { describeRecipe, formatPlace } from '../../corpus/given/read.ts';
import type { Given } from '../../corpus/given/records.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatMinimized, formatProgress } from '../../report/minimized.ts';
import { formatRequests } from '../../sampler/requests.ts';
import { formatSeed } from '../../sampler/seed.ts';
import { arches, type Arch } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { findingFiles } from '../../verdict/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandName, defaultJobs, parseCount, places, readSetUp } from '../options.ts';
import { requireWritable } from '../run-folder.ts';
import { metaOf, openSession, openWorkshop, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { chooseToolchain, chooseTree, drawCandidate, neededPasses, requireArch, requireProperty, textOfConfig } from './repro-run.ts';
import { addBuildOptions, type BuildOptions } from './shared.ts';

type MinimizeOptions = BuildOptions & { tree?: string; space?: string; arch?: Arch; toolchain: ToolchainChoice; property?: string; jobs?: number; json?: boolean };

export function addMinimize(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('minimize')
    .description('find the few assignments that make a configuration fail')
    .argument('<what>', "a seed, as a run printed it (kf2_…), a case, a .config, a fragment, a finding's folder, or a mail or text file with one of them")
    .option('--property <property>', 'the failure, where there are several: a property, or a signature (default: that of the case or finding)')
    .option('--tree <tree>', 'as for fuzz (default: that of before, or embedded)')
    .option('--space <space>', 'whose pins are the base (default: that of before, or inline-helpers)')
    .addOption(new Option('--arch <arch>', 'of a configuration that does not tell').choices([...arches]))
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--jobs <number>', 'trials at once (default: from processors and memory); one at a time takes the fewest builds', parseCount(1, 256))
    .option('--json', 'the result as one JSON line on standard output');
  addBuildOptions(command).action(async (what: string, options: MinimizeOptions) => finish(await minimize(what, options)));
}

async function minimize(what: string, options: MinimizeOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const setUp = readSetUp(options, tell, signal);
  const properties = await loadProperties(places.properties);
  requireProperty(options.property, properties);
  const given = await openGiven(what, { corpus: places.corpus, properties: properties.map(({ name }) => name) });
  tell(`taken: ${describeRecipe(given.recipe)} at ${formatPlace(given)}`);
  for (const other of given.aside) tell(`left aside: ${other}`);
  const property = options.property ?? given.signatures[0] ?? null;
  const passes = neededPasses([...options.passes, ...given.passes], property === null ? [] : [property], properties);
  await requireWritable(resolve(options.out));
  const session = await openSession(setUp, {
    tree: options.tree ?? (await chooseTree(given, { setUp, tell })),
    toolchain: chooseToolchain(given, options.toolchain),
    space: options.space ?? given.space ?? 'inline-helpers',
    isSandboxed: options.sandbox,
    passes,
  });
  if (session.loaded.space.depth === 'config') throw new UserError({ code: 'SPACE_DEPTH', message: `the space ${session.loaded.space.space} builds nothing; a failure is looked for by building`, hint: 'name another with --space' });
  const { arch, failing } = await readFailing(given, options.arch, session, setUp);
  const { open, toolchain, loaded } = session;
  const out = resolve(options.out);
  const meta = metaOf(session, { runSeed: 0, cover: 0, runs: null, arches: null, passes, source: loaded.space.space });
  const about = { tree: open.tree, toolchain, space: loaded.space };
  const seed = given.recipe.kind === 'seed' ? formatSeed(given.recipe.seed) : null;
  const store = await openTrials(placeSearch(out, about, { what: seed ?? `${arch}\n${failing}`, property, passes }));
  if (store.known.size > 0) tell(`goes on after ${store.known.size} trials in ${store.directory}`);
  const workshop = await openWorkshop(setUp, 'minimize', toolchain, open.tree.kind, false);
  try {
    const result = await minimizeFinding({
      ...about, arch, failing, property, properties, passes, store,
      passing: await readPassing(out, meta, { arch, passes, most: mostPassing }),
      work: workshop.work, jobserver: workshop.jobserver?.jobserver ?? null, cache: setUp.cache, timeoutMs: options.timeout, width: options.jobs ?? defaultJobs(open.tree.kind), signal,
      say: tell,
      onProgress: (progress) => tell(formatProgress(progress)),
    });
    const folders = result.kind === 'passes' ? [] : await findFolders(given, out, { signature: result.failure.signature, seed });
    if (result.kind === 'minimized') for (const folder of folders) await completeFinding(folder, result, commandName);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else process.stdout.write(result.kind === 'passes' ? `passed: there is nothing to minimize${property === null ? '' : ` of ${property}`}\n` : `${[formatMinimized(result), ...folders.map((folder) => `  folder: ${folder}`)].join('\n')}\n`);
    if (result.kind === 'passes') return exitCodes.clean;
    return result.isConfirmed ? exitCodes.findings : exitCodes.infra;
  } catch (error) {
    if (!signal.aborted) throw error;
    tell(`stopped; what was found so far: ${store.directory}/best.config; the same command goes on`);
    return exitCodes.stopped;
  } finally {
    await workshop.close();
  }
}

/** More configurations that passed tell little more. */
const mostPassing = 30;

/** What is given as text for `olddefconfig`: a fragment stands on the pins of the space. */
async function readFailing(given: Given, wanted: Arch | undefined, session: Session, setUp: Parameters<typeof drawCandidate>[2]): Promise<{ arch: Arch; failing: string }> {
  const { recipe } = given;
  if (recipe.kind === 'seed') {
    const candidate = await drawCandidate(recipe.seed, session, setUp);
    return { arch: candidate.arch, failing: formatRequests(candidate) };
  }
  const arch = requireArch(given, wanted);
  return { arch, failing: textOfConfig(given, session.loaded.space, arch) };
}

/** The finding's folder that was given, and those of the seed that was. */
async function findFolders({ place: { file } }: Given, out: string, { signature, seed }: { signature: string; seed: string | null }): Promise<string[]> {
  const [own, name] = [dirname(file), basename(file)];
  const isOfFinding = [findingFiles.record, findingFiles.config, findingFiles.minimal].some((one) => one === name);
  if (isOfFinding && existsSync(join(own, findingFiles.record))) return [own];
  return seed === null ? [] : findKept(out, { signature, seed });
}
