import { basename, join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Models, replayCases, whereSeen } from '../../campaign/replay.ts';
import { findLostWishes } from '../../campaign/wishes.ts';
import { type Case, type CaseState, casesFolder, caseStates, formatCase, isCaseName, isOver, loadCases } from '../../corpus/cases.ts';
import { addSighting, mergeCases } from '../../corpus/merge.ts';
import { keepPassing, loadPassing, mostPassing, type Passing, updatePassing } from '../../corpus/passing.ts';
import { sightingOf } from '../../corpus/sighting.ts';
import { addFound, nameCase, remark, updateCases } from '../../corpus/store.ts';
import { openLocalEngine } from '../../engine/local.ts';
import { parseConfig } from '../../kconfig/config.ts';
import type { PassName } from '../../property/contract.ts';
import { loadProperties } from '../../property/runner.ts';
import { formatCases, formatReplayCounts, formatReplayed, type ReplayedCase } from '../../report/replay.ts';
import { ensureUnchanged, openTree } from '../../tree/open.ts';
import { arches } from '../../tree/records.ts';
import { openToolchain, type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { UserError } from '../../util/errors.ts';
import { isDirectory, makeDirectory } from '../../util/files.ts';
import { loadCaseSpaces, neededPasses, readFound, type SourceOptions } from '../case-sources.ts';
import { exitCodes } from '../exit-codes.ts';
import { collectPasses, defaultJobs, parseCount, places, readSetUp } from '../options.ts';
import { openWorkshop } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { timeLimit } from './shared.ts';

type CorpusOptions = { corpus: string };
type AddOptions = CorpusOptions & SourceOptions & { state?: CaseState; name?: string; note?: string; link: string[]; mirror?: string };
type ReplayOptions = CorpusOptions & { tree: string; toolchain: ToolchainChoice; jobs?: number; timeout: number; sandbox: boolean; mirror?: string; state?: CaseState[]; write?: boolean; json?: boolean };
type PruneOptions = CorpusOptions & { tree?: string; toolchain: ToolchainChoice; mirror?: string; dry?: boolean; yes?: boolean };

/** `corpus`: failures that are remembered. */
export function addCorpus(program: Command, finish: (code: number) => void): void {
  const corpus = program.command('corpus').description('failures that are remembered: one file a case');
  const command = (name: string, description: string) => corpus.command(name).description(description).option('--corpus <directory>', 'whose cases/ it is about', places.corpus);
  command('add', 'remember a failure')
    .argument('<what>', 'a seed of a run below --out, the folder of a run, of a finding or of a search, a case, or a fragment')
    .option('--out <directory>', 'where runs are kept', places.reports)
    .addOption(new Option('--arch <arch>', 'of a fragment').choices([...arches]))
    .option('--signature <signature>', 'what a fragment shows')
    .option('--space <space>', "whose pins a fragment stands on (default: the search's, or inline-helpers)")
    .option('--passes <passes>', 'what a fragment is compared with, beside what its property needs', collectPasses, [])
    .addOption(new Option('--state <state>', 'of the case (default: open where it is new, else as it is)').choices([...caseStates]))
    .option('--name <name>', 'of the case (default: from signature and architecture)')
    .option('--note <text>', 'a sentence for whoever reads the case')
    .option('--link <address>', 'a page or mail about it; may be given again', (text: string, before: string[]) => [...before, text], [])
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .action(async (what: string, options: AddOptions) => finish(await add(what, options)));
  command('ls', 'list the cases')
    .option('--state <states>', `only these: ${caseStates.join(', ')}`, collectStates)
    .option('--json', 'one JSON record a line on standard output')
    .action(async (options: CorpusOptions & { state?: CaseState[]; json?: boolean }) => finish(await list(options)));
  command('show', 'print a case').argument('<name>').action(async (name: string, options: CorpusOptions) => finish(await show(name, options)));
  command('replay', 'build and judge cases on a tree: still there, gone, or not to be had any more')
    .argument('[names...]', 'all but those that nobody will fix, where none is named')
    .option('--tree <tree>', 'as for fuzz', 'embedded')
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--state <states>', 'only these, where none is named', collectStates)
    .option('--jobs <number>', 'cases at once (default: from processors and memory)', parseCount(1, 256))
    .addOption(timeLimit())
    .option('--write', 'note in each case that it was seen, or gone, on this tree')
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .option('--no-sandbox', 'run builds on the bare host: what a tree runs can then reach everything')
    .option('--json', 'one JSON record a line on standard output')
    .action(async (names: string[], options: ReplayOptions) => finish(await replay(names, options)));
  command('prune', 'forget cases that are fixed and were seen to pass')
    .option('--tree <tree>', 'configurations that passed, too, where this tree does not have all of their symbols')
    .addOption(new Option('--toolchain <toolchain>', 'where the compilers come from').choices([...toolchainChoices]).default('auto'))
    .option('--mirror <url>', "Debian mirror to install from (default: the host's own)")
    .option('--dry', 'only say which')
    .option('--yes', 'do it')
    .action(async (options: PruneOptions) => finish(await prune(options)));
  command('merge', 'take over all that another corpus knows')
    .argument('<directory>', 'the other corpus')
    .action(async (other: string, options: CorpusOptions) => finish(await merge(other, options)));
  for (const sub of corpus.commands) sub.exitOverride();
}

function collectStates(text: string, before: CaseState[] | undefined): CaseState[] {
  const names = text.split(',');
  const unknown = names.find((name) => !caseStates.some((state) => state === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${caseStates.join(', ')}.`);
  return [...(before ?? []), ...(names as CaseState[])];
}

async function add(what: string, options: AddOptions): Promise<number> {
  const properties = await loadProperties(places.properties);
  const setUp = readSetUp(options, (line) => process.stderr.write(`${line}\n`), stopOnInterrupt());
  const all = (await readFound(what, options, setUp, properties)).map((found) => ({ ...found, passes: withNeeded(found.signature, found.passes, properties) }));
  if (options.name !== undefined && all.length > 1) throw new UserError({ code: 'SOURCE_MANY', message: `${what} has ${all.length} failures, and --name names one`, hint: 'leave it out, or name the seed or search of one of them' });
  if (options.name !== undefined && !isCaseName(options.name)) throw new UserError({ code: 'NAME_MALFORMED', message: `"${options.name}" is no name of a case`, hint: 'small letters, digits, _ and -' });
  if (all.length === 0) throw new UserError({ code: 'SOURCE_CLEAN', message: `nothing failed in ${what}: there is nothing to remember` });
  const told: string[] = [];
  await updateCases(resolve(options.corpus), (cases) => all.reduce<readonly Case[]>((before, found) => {
    const { cases: now, name, isNew } = addFound(before, found, options.name ?? nameCase(found));
    return now.map((one) => {
      if (one.name !== name) return one;
      const { one: remarked, changed } = remark(one, { links: options.link, ...(options.state === undefined ? {} : { state: options.state }), ...(options.note === undefined ? {} : { note: options.note }) });
      told.push(isNew ? `added ${name}` : [`known already: ${name}`, ...changed].join('; '));
      return remarked;
    });
  }, cases));
  process.stdout.write(`${told.join('\n')}\n`);
  return exitCodes.clean;
}

/** @throws UserError `UNKNOWN_PROPERTY` */
function withNeeded(signature: string, passes: readonly PassName[], properties: Awaited<ReturnType<typeof loadProperties>>): PassName[] {
  const name = signature.split(':')[0];
  const property = properties.find((known) => known.name === name);
  if (!property && name !== 'reads') throw new UserError({ code: 'UNKNOWN_PROPERTY', message: `there is no property ${name}`, hint: `known: ${properties.map((known) => known.name).join(', ')}` });
  return property?.needs === undefined || passes.includes(property.needs) ? [...passes] : [...neededPasses(signature, passes, properties), property.needs];
}

async function list({ corpus, state, json }: CorpusOptions & { state?: CaseState[]; json?: boolean }): Promise<number> {
  const cases = (await loadExisting(corpus)).filter((one) => state?.includes(one.state) ?? true);
  process.stdout.write(json ? cases.map((one) => `${JSON.stringify({ kind: 'case', ...one })}\n`).join('') : `${formatCases(cases)}\n`);
  return exitCodes.clean;
}

async function show(name: string, { corpus }: CorpusOptions): Promise<number> {
  const [found] = pick(await loadExisting(corpus), [name]);
  if (found) process.stdout.write(formatCase(found));
  return exitCodes.clean;
}

/** @throws UserError `CORPUS_UNKNOWN`: a directory that is misspelt has no cases either */
async function loadExisting(corpus: string): Promise<Case[]> {
  if (!(await isDirectory(corpus))) throw unknownCorpus(corpus);
  return loadCases(resolve(corpus));
}

function unknownCorpus(corpus: string): UserError {
  return new UserError({ code: 'CORPUS_UNKNOWN', message: 'there is no such corpus', place: { file: corpus }, hint: 'name a directory that has cases/ in it' });
}

/** Cases by their names, in that order; a path or `.yaml` at the end does no harm. @throws UserError `CASE_UNKNOWN` */
function pick(cases: readonly Case[], names: readonly string[]): Case[] {
  return names.map((wanted) => {
    const name = basename(wanted, '.yaml');
    const found = cases.find((one) => one.name === name);
    if (!found) throw new UserError({ code: 'CASE_UNKNOWN', message: `there is no case "${wanted}"`, hint: cases.length === 0 ? 'there is none at all' : `there are: ${cases.map((one) => one.name).join(', ')}` });
    return found;
  });
}

async function replay(names: readonly string[], options: ReplayOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const tell = (line: string) => process.stderr.write(`${line}\n`);
  const setUp = readSetUp(options, tell, signal);
  const all = await loadExisting(options.corpus);
  const cases = names.length > 0 ? pick(all, names) : all.filter(({ state }) => options.state?.includes(state) ?? state !== 'wontfix');
  const properties = await loadProperties(places.properties);
  const spaces = await loadCaseSpaces(cases);
  await makeDirectory(setUp.cache);
  const open = await openTree(setUp, options.tree, places.embedded);
  const { tree } = open;
  const toolchain = await openToolchain(setUp, options.toolchain, tree.kind, options.sandbox);
  const jobs = Math.max(1, Math.min(options.jobs ?? defaultJobs(tree.kind), cases.length));
  const workshop = await openWorkshop(setUp, 'replay', toolchain, tree.kind, false);
  const engine = openLocalEngine({ jobs, propertyDirectory: places.properties });
  signal.addEventListener('abort', () => engine.stop(), { once: true });
  const replayed: ReplayedCase[] = [];
  try {
    await replayCases({
      tree, toolchain, cache: setUp.cache, spaces, properties, check: (task, onStage) => engine.check(task, onStage), work: workshop.work, jobserver: workshop.jobserver?.jobserver ?? null, timeoutMs: options.timeout, jobs, signal,
      onStage: ({ replays, arch }, stage) => {
        if (stage !== 'waiting' && stage !== 'judging') tell(`${replays} ${arch} ${stage}`);
      },
      onResult: async (result) => {
        await ensureUnchanged(open, signal);
        replayed.push(result);
        const { one, verdict, lost, outcome } = result;
        process.stdout.write(options.json ? `${JSON.stringify({ kind: 'replay', case: one.name, outcome, lost, verdict })}\n` : `${formatReplayed(result)}\n`);
        const where = whereSeen(outcome);
        if (options.write && where !== null) await updateCases(resolve(options.corpus), (before) => before.map((other) => (other.name === one.name ? addSighting(other, where, sightingOf(tree, toolchain, null)) : other)));
      },
    }, cases);
  } finally {
    await engine.close();
    await workshop.close();
  }
  if (!options.json) process.stdout.write(`${formatReplayCounts(replayed)}\n`);
  return signal.aborted ? exitCodes.stopped : decideExit(replayed);
}

/** As repro ends: what fails is told by the exit code, expected or not. */
function decideExit(replayed: readonly ReplayedCase[]): number {
  const has = (kind: ReplayedCase['outcome']['kind']) => replayed.some(({ outcome }) => outcome.kind === kind);
  if (has('still-there') || has('another')) return exitCodes.findings;
  return has('unjudged') ? exitCodes.infra : exitCodes.clean;
}

async function prune({ corpus, tree, toolchain, dry, yes, mirror }: PruneOptions): Promise<number> {
  const over = (await loadExisting(corpus)).filter(isOver);
  const strange = tree === undefined ? [] : await findStrange(await loadPassing(resolve(corpus)), { tree, toolchain, ...(mirror === undefined ? {} : { mirror }) });
  if (over.length > 0) process.stdout.write(`fixed, and seen to pass:\n${formatCases(over)}\n`);
  for (const { one, symbols } of strange) process.stdout.write(`passed, but ${tree} has no ${symbols.join(', ')}: a configuration of ${one.space} on ${one.arch}\n`);
  const isNothing = over.length === 0 && strange.length === 0;
  if (isNothing) process.stdout.write('nothing to prune\n');
  if (isNothing || dry) return exitCodes.clean;
  if (!yes) throw new UserError({ code: 'NOT_CONFIRMED', message: 'nothing was removed', hint: 'say --yes to remove these, or --dry to be only told' });
  const names = new Set(over.map(({ name }) => name));
  await updateCases(resolve(corpus), (cases) => cases.filter((one) => !(names.has(one.name) && isOver(one))));
  const gone = new Set(strange.map(({ one }) => JSON.stringify(one)));
  if (gone.size > 0) await updatePassing(resolve(corpus), (kept) => kept.filter((one) => !gone.has(JSON.stringify(one))));
  return exitCodes.clean;
}

/** Configurations that passed with symbols that a tree does not have. */
async function findStrange(kept: readonly Passing[], wanted: { tree: string; toolchain: ToolchainChoice; mirror?: string }): Promise<{ one: Passing; symbols: string[] }[]> {
  const setUp = readSetUp(wanted, (line) => process.stderr.write(`${line}\n`), stopOnInterrupt());
  await makeDirectory(setUp.cache);
  const { tree } = await openTree(setUp, wanted.tree, places.embedded);
  const models = new Models({ tree, toolchain: await openToolchain(setUp, wanted.toolchain, tree.kind, true), cache: setUp.cache, signal: setUp.signal });
  const found = [];
  for (const one of kept) {
    const wishes = Object.entries(parseConfig(one.assignments)).map(([symbol, value]) => ({ symbol, value, from: 'case' }));
    const symbols = findLostWishes(await models.of(one.arch), wishes).filter(({ kind }) => kind === 'gone').map(({ symbol }) => symbol);
    if (symbols.length > 0) found.push({ one, symbols });
  }
  return found;
}

async function merge(other: string, { corpus }: CorpusOptions): Promise<number> {
  const others = await loadExisting(other);
  const passing = await loadPassing(resolve(other));
  // Where nothing has ever failed there is only what passed.
  if (passing.length === 0 && !(await isDirectory(join(other, casesFolder)))) throw unknownCorpus(other);
  let before = 0;
  const after = await updateCases(resolve(corpus), (cases) => {
    before = cases.length;
    return mergeCases(cases, others);
  });
  if (passing.length > 0) await updatePassing(resolve(corpus), (kept) => keepPassing(kept, passing, mostPassing));
  process.stdout.write(`${others.length} read, ${after.length - before} of them new: ${after.length} in all in ${join(corpus, 'cases')}\n`);
  return exitCodes.clean;
}
