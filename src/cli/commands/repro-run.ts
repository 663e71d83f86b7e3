import { join, resolve } from 'node:path';
import { findEarlier } from '../../campaign/earlier.ts';
import { candidateOf, drawRandom, formatOnPins, listDifferences, pinsFor, replay, type Replayed } from '../../campaign/reproduce.ts';
import { describeRecipe, formatPlace } from '../../corpus/given/read.ts';
import type { Given } from '../../corpus/given/records.ts';
import type { Stage } from '../../engine/check.ts';
import { formatFragment, parseConfig } from '../../kconfig/config.ts';
import { type PassName, passNames, type Property } from '../../property/contract.ts';
import type { Reproduction } from '../../report/reproduction.ts';
import { drawArch } from '../../sampler/arch.ts';
import type { Candidate, Request } from '../../sampler/records.ts';
import { formatSeed, type Seed } from '../../sampler/seed.ts';
import type { Space } from '../../space/schema.ts';
import type { SetUp } from '../../tree/cache.ts';
import { recallTree } from '../../tree/open.ts';
import { arches, type Arch } from '../../tree/records.ts';
import { type ToolchainChoice, toolchainChoices } from '../../tree/toolchain.ts';
import { formatUserError, InfraError, UserError } from '../../util/errors.ts';
import { type Expected, failuresOf } from '../../verdict/compare.ts';
import { exitCodes } from '../exit-codes.ts';
import { openSession, openSessionSampler, openWorkshop, type Session } from '../session.ts';
import type { BuildOptions } from './shared.ts';

export type ReproOptions = BuildOptions & {
  tree?: string; toolchain: ToolchainChoice; arch?: Arch; space?: string; property?: string;
  printConfig?: boolean; json?: boolean; bisectConfig?: boolean; gitBisect?: true | string[]; bisectExit?: boolean;
};

/** What one replay takes beside what was given. */
export type ReplayOptions = Pick<ReproOptions, 'toolchain' | 'arch' | 'space' | 'property' | 'printConfig' | 'out' | 'timeout' | 'keep' | 'passes' | 'sandbox'> & { tree: string };

export type ReplayTools = { setUp: SetUp; properties: readonly Property[]; tell: (line: string) => void };

/** `config`: the resolved configuration; null where there is none. */
export type ReplayResult = { reproduction: Reproduction; config: string | null; arch: Arch | null };

/** Mistakes that, where a tree or a toolchain was chosen for what was given, say that it cannot be built with that. */
const unbuildable = new Set(['OPTION_MISSING', 'TOOLCHAIN_UNFIT', 'TOOLCHAIN_MISSING', 'PACKAGES_MISSING', 'TOOL_MISSING', 'SPACE_SYMBOL', 'SPACE_VALUE', 'SPACE_IMPOSSIBLE', 'SPACE_AXIS_IMPOSSIBLE', 'SPACE_ARCH']);

/** A failure that a user names: of a property that there is, or a signature whole. @throws UserError `UNKNOWN_PROPERTY`, `SIGNATURE_MALFORMED` */
export function requireProperty(property: string | undefined, properties: readonly Pick<Property, 'name'>[]): void {
  const [name, ...hash] = property?.split(':') ?? [];
  if (property === undefined || name === undefined) return;
  if (name !== 'reads' && !properties.some((known) => known.name === name)) throw new UserError({ code: 'UNKNOWN_PROPERTY', message: `there is no property ${name}`, hint: `known: ${properties.map((known) => known.name).join(', ')}` });
  if (hash.length > 0 && !/^[0-9a-f]{8}$/.test(hash.join(':'))) throw new UserError({ code: 'SIGNATURE_MALFORMED', message: `"${property}" is no signature`, hint: 'a run prints it: property:1a2b3c4d' });
}

/** The tree that what was given was seen with; where nothing tells, the embedded one. */
export async function chooseTree({ tree }: Pick<Given, 'tree'>, { setUp, tell }: Pick<ReplayTools, 'setUp' | 'tell'>): Promise<string> {
  if (tree !== null) return findTree({ tree }, setUp.cache);
  tell('no tree is named: the embedded one is taken (--tree names another)');
  return 'embedded';
}

/** The tree that a short name and a fingerprint stand for on this machine. */
export async function findTree({ tree }: Pick<Seed, 'tree'>, cache: string): Promise<string> {
  if (tree.name === 'embedded') return 'embedded';
  const seen = await recallTree(cache, tree.fingerprint);
  if (seen !== null) return seen;
  if (/^linux-source-\d/.test(tree.name)) return `debian:${tree.name}`;
  throw new UserError({ code: 'TREE_UNKNOWN', message: `this machine has not seen the tree ${tree.name} (${tree.fingerprint.slice(0, 8)})`, hint: 'name its directory with --tree' });
}

/** Opens the tree, has what was given checked there, and says what became of it. */
export async function replayGiven(given: Given, options: ReplayOptions, tools: ReplayTools): Promise<ReplayResult> {
  const { setUp } = tools;
  const foreign = options.arch === undefined && given.arch?.kind === 'foreign' ? given.arch.name : null;
  if (foreign !== null) return refuse(given, [`it is for ${foreign}, and kinfuzz builds for ${arches.join(', ')} (--arch takes another)`]);
  try {
    const session = await openSession(setUp, {
      tree: options.tree,
      toolchain: chooseToolchain(given, options.toolchain),
      space: options.space ?? given.space ?? 'inline-helpers',
      isSandboxed: options.sandbox,
      passes: choosePasses(given, options, tools.properties),
    });
    return await replayInSession(given, session, options, tools);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof InfraError) || !unbuildable.has(error.code) || (error.code.startsWith('SPACE') && options.space !== undefined)) throw error;
    return refuse(given, [error instanceof UserError ? formatUserError(error) : `${error.code}: ${error.message}`]);
  }
}

function refuse(given: Given, reasons: string[]): ReplayResult {
  const arch = given.arch?.kind === 'known' ? given.arch.arch : null;
  const reproduction: Reproduction = {
    kind: 'reproduction', outcome: 'cannot-be-built', given: describeGiven(given), arch, expected: expectedOf(given), differs: [],
    config: { hash: '', isSame: null, changed: [], lost: [] }, reasons, verdict: null, exitCode: exitCodes.infra,
  };
  return { reproduction, config: null, arch };
}

export function chooseToolchain({ toolchain }: Given, wanted: ToolchainChoice): ToolchainChoice {
  return wanted === 'auto' ? (toolchainChoices.find((choice) => choice === toolchain?.kind) ?? 'auto') : wanted;
}

/** Those that the user names, else those of before; and what the properties need whose failures are looked for. */
function choosePasses({ passes, signatures }: Given, options: Pick<ReplayOptions, 'passes' | 'property'>, properties: readonly Property[]): PassName[] {
  return neededPasses(options.passes.length > 0 ? options.passes : passes, options.property === undefined ? signatures : [options.property], properties);
}

/** Some passes, and those without which the properties of these signatures cannot judge. */
export function neededPasses(passes: readonly PassName[], signatures: readonly string[], properties: readonly Property[]): PassName[] {
  const needed = new Set(properties.filter(({ name }) => signatures.some((signature) => signature.split(':')[0] === name)).map(({ needs }) => needs));
  return passNames.filter((name) => passes.includes(name) || needed.has(name));
}

async function replayInSession(given: Given, session: Session, options: ReplayOptions, { setUp, properties, tell }: ReplayTools): Promise<ReplayResult> {
  const { open, toolchain, loaded } = session;
  const { recipe } = given;
  if (recipe.kind !== 'seed' && loaded.space.depth === 'config') throw new UserError({ code: 'SPACE_DEPTH', message: `the space ${loaded.space.space} builds nothing; a configuration is judged by building it`, hint: 'name another with --space' });
  const passes = choosePasses(given, options, properties);
  const place = { tree: open.tree, toolchain, space: loaded.space, cache: setUp.cache, timeoutMs: options.timeout, signal: setUp.signal };
  const workshop = await openWorkshop(setUp, 'repro', toolchain, open.tree.kind, options.keep ?? false);
  const work = join(workshop.work, recipe.kind === 'seed' ? String(recipe.seed.index) : 'given');
  const onStage = (stage: Stage) => tell(`${recipe.kind === 'seed' ? `#${recipe.seed.index} ` : ''}${stage}`);
  try {
    const chosen = await chooseCandidate(given, session, options, { setUp, tell, work, place });
    const earlier = recipe.kind === 'seed' ? await findEarlier(resolve(options.out), formatSeed(recipe.seed)) : null;
    const expected = narrow(expectedOf(given) ?? (earlier === null ? null : { signatures: failuresOf(earlier.verdict).map(({ signature }) => signature), from: 'the journal' }), options.property);
    const before = given.config ?? (earlier?.config ? parseConfig(earlier.config) : null) ?? chosen.before;
    const means = { work, jobserver: workshop.jobserver?.jobserver ?? null, keep: options.keep ?? false, passes, properties, onStage, onlyResolve: options.printConfig ?? false };
    const replayed = await replay(place, { candidate: chosen.candidate, needed: chosen.needed, expected, before, beforeHash: hashOf(given) }, means);
    if (options.keep) tell(`objtree: ${join(work, 'obj')}`);
    const differs = listDifferences(given, { tree: open.tree, toolchain });
    if (!chosen.isCertified) differs.push('make randconfig draws another configuration than kinfuzz does, and its own was taken: please report this (front-end-mismatch)');
    const reproduction = describe(given, replayed, { arch: chosen.candidate.arch, expected, differs });
    return { reproduction, config: options.printConfig && chosen.drawn !== null ? chosen.drawn : replayed.config.text, arch: chosen.candidate.arch };
  } finally {
    await workshop.close();
  }
}

type Chosen = { candidate: Candidate; needed: Request[]; before: Record<string, string> | null; drawn: string | null; isCertified: boolean };

async function chooseCandidate(given: Given, session: Session, options: ReplayOptions, { setUp, tell, work, place }: { setUp: SetUp; tell: (line: string) => void; work: string; place: Parameters<typeof drawRandom>[0] }): Promise<Chosen> {
  const { recipe } = given;
  const { space } = session.loaded;
  if (recipe.kind === 'seed') return { candidate: moveTo(await drawCandidate(recipe.seed, session, setUp), options.arch, session), needed: [], before: null, drawn: null, isCertified: true };
  const arch = requireArch(given, options.arch);
  if (recipe.kind === 'random') {
    tell(`drawing as make randconfig does with ${describeRecipe(recipe)}`);
    const { config, isCertified } = await drawRandom(place, arch, recipe, work);
    const assignments = parseConfig(config);
    return { candidate: candidateOf(arch, assignments), needed: [], before: assignments, drawn: config, isCertified };
  }
  const { assignments, isWhole } = recipe;
  const fromUser = Object.entries(assignments).map(([symbol, value]) => ({ symbol, value, from: 'given' }));
  if (isWhole) return { candidate: candidateOf(arch, assignments), needed: fromUser.filter(({ symbol, value }) => value === 'y' && (symbol === 'RUST' || symbol === 'RUST_INLINE_HELPERS')), before: assignments, drawn: null, isCertified: true };
  // The pins stand before: within a choice the last word counts.
  const pins = Object.entries(pinsFor(space, arch)).filter(([symbol]) => !(symbol in assignments));
  const candidate = candidateOf(arch, assignments);
  return { candidate: { ...candidate, fill: [...pins.map(([symbol, value]) => ({ symbol, value, from: 'pin' })), ...candidate.fill] }, needed: fromUser, before: null, drawn: null, isCertified: true };
}

/** The architecture that a user names, else that of what was given. @throws UserError `ARCH_UNKNOWN` */
export function requireArch({ arch, place }: Given, wanted: Arch | undefined): Arch {
  if (wanted !== undefined) return wanted;
  if (arch?.kind === 'known') return arch.arch;
  throw new UserError({ code: 'ARCH_UNKNOWN', message: arch === null ? 'nothing says which architecture this is for' : `it is for ${arch.name}, and kinfuzz builds for ${arches.join(', ')}`, place, hint: `say it with --arch: ${arches.join(', ')}` });
}

/** A configuration as one text; a fragment stands on the pins of the space. @throws UserError `CONFIG_WANTED` for what is none */
export function textOfConfig({ recipe, place }: Given, space: Space, arch: Arch): string {
  if (recipe.kind !== 'config') throw new UserError({ code: 'CONFIG_WANTED', message: 'a configuration is wanted here', place, hint: 'kinfuzz repro … --print-config writes one' });
  return recipe.isWhole ? formatFragment(Object.entries(recipe.assignments)) : formatOnPins(space, arch, recipe.assignments);
}

/** The seed's candidate in a session of its space. */
export async function drawCandidate(seed: Seed, session: Session, setUp: SetUp): Promise<Candidate> {
  requireSpace(seed, session);
  // A covering sequence goes over all architectures.
  const sampler = await openSessionSampler(session, setUp, seed.cover === 0 ? [drawArch(session.loaded.space, seed.runSeed, seed.index)] : null);
  try {
    return sampler.candidate(seed.runSeed, seed.index, seed.cover);
  } finally {
    sampler.close();
  }
}

export function requireSpace({ space }: Seed, { loaded }: Session): void {
  if (loaded.space.hash.startsWith(space.hash) && loaded.space.space === space.name) return;
  throw new UserError({ code: 'SEED_SPACE', message: `this seed was drawn from the space ${space.name} as of ${space.hash}; ${loaded.space.space} is now ${loaded.space.hash}, and gives other candidates`, place: loaded.placeOf(['space']), hint: 'name the file as it was with --space' });
}

/** The same requests for another architecture, with the pins of that one. */
function moveTo(candidate: Candidate, arch: Arch | undefined, { loaded: { space } }: Session): Candidate {
  if (arch === undefined || arch === candidate.arch) return candidate;
  const pins = Object.entries(space.arches[arch]?.pins ?? {}).map(([symbol, value]) => ({ symbol, value, from: `pin of ${arch}` }));
  const kept = candidate.requested.filter(({ from, symbol }) => from !== `pin of ${candidate.arch}` && !pins.some((pin) => pin.symbol === symbol));
  return { ...candidate, arch, requested: [...pins, ...kept] };
}

function expectedOf({ signatures, place }: Given): Expected | null {
  return signatures.length === 0 ? null : { signatures, from: place.file };
}

/** Only the failure that is meant, where the user names one: by property or signature. */
function narrow(expected: Expected | null, property: string | undefined): Expected | null {
  if (property === undefined) return expected;
  if (property.includes(':')) return { signatures: [property], from: '--property' };
  const meant = expected?.signatures.filter((signature) => signature.startsWith(`${property}:`)) ?? [];
  return meant.length === 0 ? expected : { signatures: meant, from: expected?.from ?? '' };
}

/** The digits that a seed has of its configuration's hash; of one that was not resolved there are none. */
function hashOf({ recipe }: Given): string | null {
  return recipe.kind === 'seed' && recipe.seed.config !== '00000000' ? recipe.seed.config : null;
}

function describeGiven({ recipe, place, aside }: Given): Reproduction['given'] {
  return { kind: recipe.kind, from: formatPlace({ place }), aside };
}

function describe(given: Given, { outcome, config, reasons, verdict }: Replayed, { arch, expected, differs }: Pick<Reproduction, 'arch' | 'expected' | 'differs'>): Reproduction {
  const { hash, isSame, changed, lost } = config;
  return { kind: 'reproduction', outcome, given: describeGiven(given), arch, expected, differs, config: { hash, isSame, changed, lost }, reasons, verdict: verdict === null ? null : { ...verdict, seed: given.recipe.kind === 'seed' ? verdict.seed : '' }, exitCode: exitCodeFor(outcome, verdict) };
}

/** 1 where a failure shows, 0 where none does, 3 where nothing could be judged. */
function exitCodeFor(outcome: Replayed['outcome'], verdict: Replayed['verdict']): number {
  if (verdict === null || outcome === 'cannot-be-built' || outcome === 'not-judged') return exitCodes.infra;
  if (failuresOf(verdict).length > 0) return exitCodes.findings;
  return verdict.resolution === 'front-end-mismatch' ? exitCodes.infra : exitCodes.clean;
}
