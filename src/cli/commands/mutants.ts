import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { openEmbeddedBench } from '../../campaign/embedded-mutants.ts';
import { openKernelBench } from '../../campaign/kernel-mutants.ts';
import { type Bench, tryMutants } from '../../campaign/mutants.ts';
import { loadKernelMutants, loadMutants } from '../../property/mutants.ts';
import { loadProperties } from '../../property/runner.ts';
import { findLacking, formatKillMatrix, formatKillSum, formatMutant } from '../../report/mutants.ts';
import { loadSpace } from '../../space/load.ts';
import { loadZ3 } from '../../space/solver.ts';
import { cleanPackages, ensurePackages } from '../../tree/host-packages.ts';
import { ensureUnchanged, openTree } from '../../tree/open.ts';
import { openToolchain, type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { makeDirectory } from '../../util/files.ts';
import { gateProperty } from '../../verdict/gate.ts';
import { isKilledAlone, type MutantName, type MutantRecord } from '../../verdict/mutants.ts';
import { exitCodes } from '../exit-codes.ts';
import { defaultJobs, parseCount, places, readSetUp } from '../options.ts';
import { openWorkshop } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { timeLimit } from './shared.ts';

type MutantsOptions = { tree: string; toolchain: ToolchainChoice; only?: string[]; property?: string; jobs?: number; timeout: number; mirror?: string; list?: boolean; json?: boolean };

/** How many candidates the gates of a tree are tried on, beside what is proven, and the seed that they are drawn from. */
const gateRuns = 500;
const gateSeed = 1;

export function addMutants(program: Command, finish: (code: number) => void): void {
  program
    .command('mutants')
    .description('put deliberate defects into the build, one at a time, and show which property catches which')
    .option('--tree <tree>', "embedded, or a kernel, whose own build is changed (never its files): debian:linux-source-7.3, a directory", 'embedded')
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--only <names>', 'only these mutants: NAME,NAME', (text: string, before: string[] | undefined) => [...(before ?? []), ...text.split(',')])
    .option('--property <name>', 'only mutants that this property must catch')
    .option('--jobs <number>', 'mutants at once (default: from processors and memory)', parseCount(1, 256))
    .addOption(timeLimit())
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .option('--list', 'only tell what there is')
    .option('--json', 'one JSON record a line on standard output, nothing else there')
    .action(async (options: MutantsOptions) => finish(await showMutants(options)));
}

async function showMutants(options: MutantsOptions): Promise<number> {
  const properties = await loadProperties(places.properties);
  const names = properties.map(({ name }) => name);
  const directory = join(places.properties, 'mutants');
  const isKernel = options.tree !== 'embedded';
  if (options.list) return list(choose<MutantName>(isKernel ? await loadKernelMutants(join(directory, 'kernel')) : await loadMutants(directory), options, [...names, gateProperty]));
  if (!isKernel) {
    const mutants = choose(await loadMutants(directory), options, names);
    return run(options, mutants, (place) => Promise.resolve(openEmbeddedBench(place, properties)), names);
  }
  const mutants = choose(await loadKernelMutants(join(directory, 'kernel')), options, [...names, gateProperty]);
  const [{ space: { targets } }, loaded] = await Promise.all([loadSpace('inline-helpers', places.spaces), loadSpace('gating', places.spaces)]);
  return run(options, mutants, async (place) => openKernelBench({ ...place, targets: [...targets, 'rust/'], gates: { z3: await loadZ3(), loaded, runSeed: gateSeed, runs: gateRuns } }, properties, mutants), []);
}

/** @throws UserError `UNKNOWN_MUTANT`, `UNKNOWN_PROPERTY`, `NO_MUTANT` */
function choose<Mutant extends MutantName>(mutants: readonly Mutant[], { only, property }: MutantsOptions, properties: readonly string[]): Mutant[] {
  const stranger = only?.find((name) => !mutants.some((mutant) => mutant.name === name));
  if (stranger !== undefined) throw new UserError({ code: 'UNKNOWN_MUTANT', message: `there is no mutant "${stranger}"`, hint: `there are: ${mutants.map(({ name }) => name).join(', ')}` });
  if (property !== undefined && !properties.includes(property)) throw new UserError({ code: 'UNKNOWN_PROPERTY', message: `there is no property "${property}"`, hint: `there are: ${properties.join(', ')}` });
  const chosen = mutants.filter((mutant) => (only?.includes(mutant.name) ?? true) && (property === undefined || mutant.property === property));
  if (chosen.length === 0) throw new UserError({ code: 'NO_MUTANT', message: `no mutant is left: ${only?.join(', ') ?? 'of all, none'} is for ${property}`, hint: 'leave out --only or --property' });
  return chosen;
}

function list(mutants: readonly MutantName[]): number {
  for (const { name, property, defect } of mutants) process.stdout.write(`${name} (${property}): ${defect}\n`);
  return exitCodes.clean;
}

type Place = Awaited<ReturnType<typeof openPlace>>['place'];

/** `wanted`: the properties that each must have a mutant. */
async function run<Mutant extends MutantName>(options: MutantsOptions, mutants: readonly Mutant[], openBench: (place: Place) => Promise<Bench<Mutant>>, wanted: readonly string[]): Promise<number> {
  const signal = stopOnInterrupt();
  const started = Date.now();
  const { place, open, close } = await openPlace(options, signal);
  const isWhole = options.only === undefined && options.property === undefined;
  try {
    const jobs = Math.min(options.jobs ?? defaultJobs(place.tree.kind), mutants.length);
    say(`${mutants.length} mutants, tree ${place.tree.spec}${place.tree.version ? ` (${place.tree.version})` : ''}, toolchain ${place.toolchain.kind}, ${jobs} at once`);
    const records = await tryMutants(mutants, await openBench(place), {
      jobs, signal,
      onBegin: ({ name }) => say(`${name} …`),
      onRecord: (record) => {
        say(formatMutant(record));
        if (options.json) process.stdout.write(`${JSON.stringify(record)}\n`);
      },
    });
    if (signal.aborted) return exitCodes.stopped;
    await ensureUnchanged(open, signal);
    return tellEnd(records, isWhole ? wanted : [], { tree: place.tree.spec, isKernel: place.tree.kind === 'kernel', isJson: options.json ?? false, ms: Date.now() - started });
  } catch (error) {
    if (signal.aborted) return exitCodes.stopped;
    throw error;
  } finally {
    await close();
  }
}

async function openPlace(options: MutantsOptions, signal: AbortSignal) {
  const setUp = readSetUp(options, say, signal);
  await makeDirectory(setUp.cache);
  await ensurePackages(setUp, cleanPackages);
  const open = await openTree(setUp, options.tree, places.embedded);
  const toolchain = await openToolchain(setUp, options.toolchain, open.tree.kind, true);
  const { work, jobserver, close } = await openWorkshop(setUp, 'mutants', toolchain, open.tree.kind, false);
  return { place: { tree: open.tree, toolchain, cache: setUp.cache, work, jobserver: jobserver?.jobserver ?? null, timeoutMs: options.timeout, signal }, open, close };
}

function tellEnd(records: readonly MutantRecord[], wanted: readonly string[], { tree, isKernel, isJson, ms }: { tree: string; isKernel: boolean; isJson: boolean; ms: number }): number {
  const code = decideExit(records, wanted, isKernel);
  if (isJson) {
    process.stderr.write(`${formatKillSum(records, wanted)}\n`);
    process.stdout.write(`${JSON.stringify({ kind: 'mutants', tree, mutants: records.length, killed: records.filter(({ state }) => state === 'killed').length, alone: records.filter(isKilledAlone).length, lacking: findLacking(records, wanted), exitCode: code, ms })}\n`);
  } else {
    process.stdout.write(`\n${formatKillMatrix(records, wanted)} (${Math.round(ms / 1000)} s)\n`);
  }
  return code;
}

/**
 * A kernel has faults of its own, and what is wrong with its build can be wrong in several ways: there a mutant that others
 * catch too is well caught.
 */
function decideExit(records: readonly MutantRecord[], wanted: readonly string[], isKernel: boolean): number {
  const isCaught = (record: MutantRecord) => record.state === 'unjudged' || (isKernel ? record.state === 'killed' || record.state === 'unfit' : isKilledAlone(record) && record.healthy.length === 0);
  if (!records.every(isCaught) || findLacking(records, wanted).length > 0) return exitCodes.findings;
  return records.some(({ state }) => state === 'unjudged') || records.every(({ state }) => state === 'unfit') ? exitCodes.infra : exitCodes.clean;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
