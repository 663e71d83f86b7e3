import { readdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { checkCandidate } from '../../engine/check.ts';
import { readJournal } from '../../engine/journal.ts';
import { parseConfig } from '../../kconfig/config.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatSummary, formatVerdict } from '../../report/text.ts';
import { drawArch } from '../../sampler/arch.ts';
import { formatSeed, parseSeed, type Seed } from '../../sampler/seed.ts';
import { recallTree } from '../../tree/open.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import type { Verdict } from '../../verdict/records.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { commandName, places, readSetUp } from '../options.ts';
import { openSession, openSessionSampler, openWorkshop, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { reproduceGate } from './gates.ts';
import { addBuildOptions, type BuildOptions } from './shared.ts';

type ReproOptions = BuildOptions & { tree?: string; toolchain: ToolchainChoice; space?: string; printConfig?: boolean; json?: boolean };

export function addRepro(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('repro')
    .description('rebuild one candidate from its seed')
    .argument('<seed>', 'as a run printed it: kf2_…')
    .option('--tree <tree>', "another tree than the seed's")
    .option('--space <space>', "the space's file, where it is none of corpus/spaces")
    .option('--print-config', 'only resolve and print the .config')
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--json', 'the verdict as one JSON line on standard output');
  addBuildOptions(command).action(async (seed: string, options: ReproOptions) => finish(await reproduce(seed, options)));
}

async function reproduce(text: string, options: ReproOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const seed = parseSeed(text);
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const setUp = readSetUp(options, tell, signal);
  const session = await openSession(setUp, {
    tree: options.tree ?? (await findTree(seed, setUp.cache)),
    toolchain: options.toolchain === 'auto' ? (seed.toolchain.kind as ToolchainChoice) : options.toolchain,
    space: options.space ?? seed.space.name,
    isSandboxed: options.sandbox,
    passes: options.passes,
  });
  requireSpace(seed, session);
  const differences = listDifferences(seed, session);
  for (const difference of differences) tell(`differs: ${difference}`);
  // A covering sequence goes over all architectures.
  const sampler = await openSessionSampler(session, setUp, seed.cover === 0 ? [drawArch(session.loaded.space, seed.runSeed, seed.index)] : null);
  const candidate = sampler.candidate(seed.runSeed, seed.index, seed.cover);
  if (session.loaded.space.depth === 'config') {
    return reproduceGate(session, sampler, candidate, seed, { timeoutMs: options.timeout, signal, onlyPrint: options.printConfig ?? false, isJson: options.json ?? false });
  }
  const workshop = await openWorkshop(setUp, 'repro', session.toolchain, session.open.tree.kind, options.keep ?? false);
  const task = {
    tree: session.open.tree, toolchain: session.toolchain, space: session.loaded.space, candidate,
    work: join(workshop.work, String(seed.index)), jobserver: workshop.jobserver?.jobserver ?? null, timeoutMs: options.timeout, keep: options.keep ?? false,
    onlyResolve: options.printConfig ?? false, cache: setUp.cache, certifyEvery: 1, passes: options.passes,
    // What is known is what a replay is to show.
    known: [],
  };
  const properties = await loadProperties(places.properties);
  const earlier = await findEarlier(resolve(options.out), seed);
  try {
    const { verdict, config } = await checkCandidate(task, { properties, signal, onStage: (stage) => tell(`#${seed.index} ${stage}`) });
    if (signal.aborted) return exitCodes.stopped;
    tell(compareConfigs(seed, verdict, config, earlier?.config ?? null, differences));
    if (options.printConfig) {
      process.stdout.write(config ?? '');
      return config === null ? exitCodes.infra : exitCodes.clean;
    }
    if (earlier) tell(compareVerdicts(earlier.verdict, verdict));
    tell(formatVerdict(verdict));
    if (options.json) process.stdout.write(`${JSON.stringify(verdict)}\n`);
    else process.stdout.write(`${formatSummary([verdict], commandName)}\n`);
    if (options.keep) tell(`objtree: ${join(task.work, 'obj')}`);
    return exitCodeOf([verdict]);
  } finally {
    await workshop.close();
  }
}

/** The tree that a seed's short name stands for on this machine. */
export async function findTree({ tree }: Seed, cache: string): Promise<string> {
  if (tree.name === 'embedded') return 'embedded';
  const seen = await recallTree(cache, tree.fingerprint);
  if (seen !== null) return seen;
  if (/^linux-source-\d/.test(tree.name)) return `debian:${tree.name}`;
  throw new UserError({ code: 'TREE_UNKNOWN', message: `this machine has not seen the tree ${tree.name} (${tree.fingerprint}) of this seed`, hint: 'name its directory with --tree' });
}

export function requireSpace({ space }: Seed, { loaded }: Session): void {
  if (loaded.space.hash.startsWith(space.hash) && loaded.space.space === space.name) return;
  throw new UserError({ code: 'SEED_SPACE', message: `this seed was drawn from the space ${space.name} as of ${space.hash}; ${loaded.space.space} is now ${loaded.space.hash}, and gives other candidates`, place: loaded.placeOf(['space']), hint: 'name the file as it was with --space' });
}

function listDifferences(seed: Seed, { open, toolchain }: Session): string[] {
  const differences: string[] = [];
  if (!open.tree.fingerprint.startsWith(seed.tree.fingerprint)) differences.push(`the tree is ${open.tree.spec} (${open.tree.fingerprint.slice(0, 8)}), the seed's was ${seed.tree.name} (${seed.tree.fingerprint})`);
  if (!toolchain.fingerprint.startsWith(seed.toolchain.fingerprint)) differences.push(`the toolchain is ${toolchain.kind} (${toolchain.fingerprint.slice(0, 8)}: ${toolchain.tools.clang?.version}, ${toolchain.tools.rustc?.version}), the seed's was ${seed.toolchain.kind} (${seed.toolchain.fingerprint})`);
  return differences;
}

/** The same seed's verdict and config in a journal of this machine, for saying what has changed. */
async function findEarlier(out: string, seed: Seed): Promise<{ verdict: Verdict; config: string | null } | null> {
  const runs: string[] = await readdir(out).catch(() => []);
  for (const run of runs.sort().reverse()) {
    if (!existsSync(join(out, run, 'run.db'))) continue;
    const found = findInRun(join(out, run), formatSeed(seed));
    if (found !== null) return found;
  }
  return null;
}

/** A journal that cannot be read says nothing about the seed. */
function findInRun(directory: string, seed: string): { verdict: Verdict; config: string | null } | null {
  try {
    const journal = readJournal(directory);
    try {
      const verdict = journal.verdicts().find((candidate) => candidate.seed === seed);
      return verdict ? { verdict, config: journal.config(verdict.config) } : null;
    } finally {
      journal.close();
    }
  } catch {
    return null;
  }
}

/** The config hash of a seed whose config could not be resolved. */
const unresolved = '00000000';

function compareConfigs(seed: Seed, verdict: Verdict, config: string | null, earlier: string | null, differences: readonly string[]): string {
  if (config === null) return 'config: could not be resolved';
  if (seed.config === unresolved) return "config: resolved now; when the seed was made, it was not";
  if (verdict.config.startsWith(seed.config)) return 'config: the same';
  const why = differences.length > 0 ? '' : ' though tree and toolchain are the same: please report this';
  if (earlier === null) return `config: another (${verdict.config.slice(0, 8)}, the seed's was ${seed.config})${why}; no journal here holds the old one to compare`;
  const [before, after] = [parseConfig(earlier), parseConfig(config)];
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((symbol) => before[symbol] !== after[symbol]).sort();
  const lines = changed.slice(0, 40).map((symbol) => `  ${symbol}: ${before[symbol] ?? 'absent'} -> ${after[symbol] ?? 'absent'}`);
  return `config: another${why}; ${changed.length} symbols differ\n${lines.join('\n')}`;
}

function compareVerdicts(earlier: Verdict, now: Verdict): string {
  const signatures = ({ failures, known }: Verdict) => [...failures, ...known].map(({ signature }) => signature).sort().join(', ');
  // What was known then fails again now.
  const isSame = signatures(earlier) === signatures(now) && (earlier.verdict === now.verdict || earlier.known.length > 0);
  if (isSame) return `verdict: the same (${now.verdict})`;
  return `verdict: ${now.verdict} ${signatures(now)}, was ${earlier.verdict} ${signatures(earlier)}`;
}
