import { type Command, Option } from 'commander';
import { openGiven } from '../../corpus/given/open.ts';
import { describeRecipe, formatPlace } from '../../corpus/given/read.ts';
import type { Given } from '../../corpus/given/records.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatConfigs, formatReproduction } from '../../report/reproduction.ts';
import { drawArch } from '../../sampler/arch.ts';
import type { Seed } from '../../sampler/seed.ts';
import { loadSpace } from '../../space/load.ts';
import { arches } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { places, readSetUp } from '../options.ts';
import { openSession, openSessionSampler } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { reproduceGate } from './gates.ts';
import { bisectConfigs } from './repro-bisect-config.ts';
import { bisectExitOf, bisectHistory } from './repro-git-bisect.ts';
import { chooseTree, replayGiven, type ReplayTools, type ReproOptions, requireProperty, requireSpace } from './repro-run.ts';
import { addBuildOptions } from './shared.ts';

export { findTree, requireSpace } from './repro-run.ts';

export function addRepro(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('repro')
    .description('rebuild what someone found, and say whether the failure shows here')
    .argument('[what...]', "a seed (kf2_…), a case, a .config, a fragment, a finding's folder, KCONFIG_SEED=0x…, or a mail or text file with one of them; - is standard input")
    .option('--tree <tree>', 'another tree than that of before (default: that one, or embedded)')
    .addOption(new Option('--arch <arch>', 'another architecture, or that of a configuration that does not tell').choices([...arches]))
    .option('--space <space>', "the space's file, where it is none of corpus/spaces")
    .option('--property <property>', 'the failure that is meant: a property, or a signature')
    .option('--print-config', 'only resolve and print the .config')
    .option('--bisect-config', 'of two configurations, GOOD and BAD: find the few assignments that make the difference')
    .option('--git-bisect [words...]', 'print the git bisect recipe, also for given commits: [GOOD BAD]; with run GOOD BAD, run it on --tree')
    .option('--bisect-exit', 'exit as git bisect run wants it: 1 where the failure shows, 0 where not, 125 where that cannot be tested')
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--json', 'one record as one JSON line on standard output')
    .addHelpText('after', '\nexit code: 0 no failure shows, 1 a failure shows, 2 a mistake in what was given, 3 it cannot be built or judged here');
  addBuildOptions(command).action(async (what: string[], options: ReproOptions) => finish(await reproduce(what, options)));
}

async function reproduce(what: string[], options: ReproOptions): Promise<number> {
  if (options.bisectExit !== true) return reproduceOne(what, options);
  try {
    return await reproduceOne(what, options);
  } catch (error) {
    return bisectExitOf(error);
  }
}

async function reproduceOne(what: string[], options: ReproOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const setUp = readSetUp(options, tell, signal);
  const properties = await loadProperties(places.properties);
  requireProperty(options.property, properties);
  const tools: ReplayTools = { setUp, properties, tell };
  if (options.bisectConfig) return bisectConfigs(what, options, tools);
  const { given, words } = await takeGiven(what, options, tools);
  if (words !== null) return bisectHistory({ given, words, what: what[0] ?? '' }, { ...options, tree: options.tree ?? null }, tools);
  const tree = options.tree ?? (await chooseTree(given, tools));
  if (given.recipe.kind === 'seed' && (await isGate(given.recipe.seed, options))) return reproduceOneGate(given.recipe.seed, tree, options, tools);
  const { reproduction, config } = await replayGiven(given, { ...options, tree }, tools);
  if (signal.aborted) return exitCodes.stopped;
  if (options.printConfig) {
    for (const difference of reproduction.differs) tell(`differs: ${difference}`);
    for (const line of config === null ? reproduction.reasons : formatConfigs(reproduction.config)) tell(line);
    process.stdout.write(config ?? '');
    return config === null ? exitCodes.infra : exitCodes.clean;
  }
  if (options.json) process.stdout.write(`${JSON.stringify(reproduction)}\n`);
  (options.json ? process.stderr : process.stdout).write(`${formatReproduction(reproduction)}\n`);
  return options.bisectExit ? bisectExitOf(reproduction.outcome) : reproduction.exitCode;
}

/** `--git-bisect` takes as many words as follow it: the first of them may be what was meant to be reproduced. */
async function takeGiven(what: string[], { gitBisect }: ReproOptions, { properties, tell }: ReplayTools): Promise<{ given: Given; words: string[] | null }> {
  const words = gitBisect === undefined ? null : gitBisect === true ? [] : [...gitBisect];
  if (what.length === 0 && words !== null) what.push(...words.splice(0, 1));
  const [first, ...more] = what;
  if (first === undefined) throw new UserError({ code: 'NOTHING_GIVEN', message: 'what is to be reproduced?', hint: "name a seed, a case, a .config, a fragment, a finding's folder, or a mail or text file" });
  if (more.length > 0) throw new UserError({ code: 'TOO_MUCH_GIVEN', message: `one thing can be reproduced at a time, and ${what.length} are given`, hint: 'a line of several words is put in quotes' });
  const given = await openGiven(first, { corpus: places.corpus, properties: properties.map(({ name }) => name) });
  tell(`taken: ${describeRecipe(given.recipe)} at ${formatPlace(given)}`);
  for (const other of given.aside) tell(`left aside: ${other}`);
  return { given, words };
}

async function isGate({ space }: Seed, options: ReproOptions): Promise<boolean> {
  return (await loadSpace(options.space ?? space.name, places.spaces)).space.depth === 'config';
}

async function reproduceOneGate(seed: Seed, tree: string, options: ReproOptions, { setUp }: ReplayTools): Promise<number> {
  const session = await openSession(setUp, {
    tree, toolchain: options.toolchain === 'auto' ? (seed.toolchain.kind as ToolchainChoice) : options.toolchain,
    space: options.space ?? seed.space.name, isSandboxed: options.sandbox,
  });
  requireSpace(seed, session);
  const sampler = await openSessionSampler(session, setUp, seed.cover === 0 ? [drawArch(session.loaded.space, seed.runSeed, seed.index)] : null);
  const candidate = sampler.candidate(seed.runSeed, seed.index, seed.cover);
  return reproduceGate(session, sampler, candidate, seed, { timeoutMs: options.timeout, signal: setUp.signal, onlyPrint: options.printConfig ?? false, isJson: options.json ?? false });
}
