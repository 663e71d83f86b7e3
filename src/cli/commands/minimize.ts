import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { readPassing } from '../../campaign/earlier.ts';
import { completeFinding, findKept } from '../../campaign/findings.ts';
import { minimizeFinding } from '../../campaign/minimize.ts';
import { placeSearch } from '../../campaign/minimize-run.ts';
import { openTrials } from '../../campaign/trials.ts';
import { type Config, parseConfig } from '../../kconfig/config.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatMinimized, formatProgress } from '../../report/minimized.ts';
import { drawArch } from '../../sampler/arch.ts';
import { formatRequests } from '../../sampler/requests.ts';
import { formatSeed, parseSeed, type Seed } from '../../sampler/seed.ts';
import { arches, type Arch } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { commandName, defaultJobs, parseCount, places, readSetUp } from '../options.ts';
import { requireWritable } from '../run-folder.ts';
import { metaOf, openSession, openSessionSampler, openWorkshop, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { findTree, requireSpace } from './repro.ts';
import { addBuildOptions, type BuildOptions } from './shared.ts';

type MinimizeOptions = BuildOptions & { tree?: string; space?: string; arch?: Arch; toolchain: ToolchainChoice; property?: string; jobs?: number; json?: boolean };

export function addMinimize(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('minimize')
    .description('find the few assignments that make a configuration fail')
    .argument('<what>', 'a seed, as a run printed it (kf2_…), or a .config file')
    .option('--property <property>', 'the failure, where there are several: a property, or a signature')
    .option('--tree <tree>', "as for fuzz (default: the seed's, or embedded)")
    .option('--space <space>', "whose pins are the base (default: the seed's, or inline-helpers)")
    .addOption(new Option('--arch <arch>', 'of a .config that does not tell').choices([...arches]))
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--jobs <number>', 'trials at once (default: from processors and memory); one at a time takes the fewest builds', parseCount(1, 256))
    .option('--json', 'the result as one JSON line on standard output');
  addBuildOptions(command).action(async (what: string, options: MinimizeOptions) => finish(await minimize(what, options)));
}

async function minimize(what: string, options: MinimizeOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const setUp = readSetUp(options, tell, signal);
  const isFile = existsSync(what) || /\/|config$/.test(what);
  const seed = isFile ? null : parseSeed(what);
  const properties = await loadProperties(places.properties);
  const passes = withNeeded(options, properties);
  const given = isFile ? await readFailing(what, options.arch) : null;
  await requireWritable(resolve(options.out));
  const session = await openSession(setUp, {
    tree: options.tree ?? (seed === null ? 'embedded' : await findTree(seed, setUp.cache)),
    toolchain: options.toolchain === 'auto' && seed !== null ? (seed.toolchain.kind as ToolchainChoice) : options.toolchain,
    space: options.space ?? seed?.space.name ?? 'inline-helpers',
    isSandboxed: options.sandbox,
    passes,
  });
  const { arch, failing } = given ?? (await drawFailing(seed as Seed, session, setUp));
  const { open, toolchain, loaded } = session;
  const out = resolve(options.out);
  const meta = metaOf(session, { runSeed: 0, cover: 0, runs: null, arches: null, passes, source: loaded.space.space });
  const property = options.property ?? null;
  const about = { tree: open.tree, toolchain, space: loaded.space };
  const store = await openTrials(placeSearch(out, about, { what: seed === null ? `${arch}\n${failing}` : formatSeed(seed), property, passes }));
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
    const folders = seed === null || result.kind === 'passes' ? [] : await findKept(out, { signature: result.failure.signature, seed: formatSeed(seed) });
    if (result.kind === 'minimized') for (const folder of folders) await completeFinding(folder, result, commandName);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else process.stdout.write(result.kind === 'passes' ? `passed: there is nothing to minimize${options.property === undefined ? '' : ` of ${options.property}`}\n` : `${[formatMinimized(result), ...folders.map((folder) => `  folder: ${folder}`)].join('\n')}\n`);
    if (result.kind === 'passes') return exitCodes.clean;
    return result.isConfirmed ? exitCodes.findings : exitCodes.infra;
  } catch (error) {
    if (!signal.aborted) throw error;
    tell(`stopped; what was found so far: ${store.directory}/best.config; go on with the same command: ${commandName} minimize ${what}`);
    return exitCodes.stopped;
  } finally {
    await workshop.close();
  }
}

/** More configurations that passed tell little more. */
const mostPassing = 30;

/** A property that compares cannot judge without its pass. */
function withNeeded({ property, passes }: MinimizeOptions, properties: Awaited<ReturnType<typeof loadProperties>>): BuildOptions['passes'] {
  if (property === undefined) return passes;
  const name = property.split(':')[0];
  const found = properties.find((known) => known.name === name);
  if (!found && name !== 'reads') throw new UserError({ code: 'UNKNOWN_PROPERTY', message: `there is no property ${name}`, hint: `known: ${properties.map((known) => known.name).join(', ')}` });
  return found?.needs === undefined || passes.includes(found.needs) ? passes : [...passes, found.needs];
}

async function drawFailing(seed: Seed, session: Session, setUp: Parameters<typeof openSessionSampler>[1]): Promise<{ arch: Arch; failing: string }> {
  requireSpace(seed, session);
  const sampler = await openSessionSampler(session, setUp, seed.cover === 0 ? [drawArch(session.loaded.space, seed.runSeed, seed.index)] : null);
  const candidate = sampler.candidate(seed.runSeed, seed.index, seed.cover);
  sampler.close();
  return { arch: candidate.arch, failing: formatRequests(candidate) };
}

async function readFailing(file: string, wanted: Arch | undefined): Promise<{ arch: Arch; failing: string }> {
  const failing = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UserError({ code: 'CONFIG_UNREADABLE', message: error instanceof Error ? error.message : String(error), place: { file } });
  });
  return { arch: wanted ?? findArch(parseConfig(failing), file), failing };
}

/** A `.config` names its architecture. @throws UserError `ARCH_UNKNOWN` */
function findArch(config: Config, file: string): Arch {
  if (config['UML'] === 'y') return 'um';
  if (config['ARM64'] === 'y') return 'arm64';
  if (config['X86_64'] === 'y') return 'x86_64';
  throw new UserError({ code: 'ARCH_UNKNOWN', message: 'the configuration does not say which architecture it is for', place: { file }, hint: `say it with --arch: ${arches.join(', ')}` });
}
