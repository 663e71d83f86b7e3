import type { Artifact, Build, Built } from '../../src/property/contract.ts';
import { normaliseMessage } from '../../src/property/normalise.ts';
import { artifactsOf, executedSteps, isSamePath, tidyPath } from '../../src/property/subject.ts';
import { listObjectsOfC } from './control.ts';
import { readTraits, type Trait, type TraitKind } from './traits.ts';

/** Something that one of the two builds has and the other has not: a trait of an object, an object, a tool that was run for a file, an option that the tool was given, a message. */
export type Difference = {
  kind: TraitKind | 'object' | 'c-object' | 'tool' | 'option' | 'diagnostic';
  /** The build that has it: with the option on, or off. */
  side: 'on' | 'off';
  /** The object or another file that was made; of a message, what it is about, or the tool that said it. */
  path: string;
  name: string;
  as: string;
  /** What differs in an object of C. */
  within?: Difference[];
};

/** Every difference of the Rust objects, the commands and the messages of two builds. Objects that are not ELF are not looked into. */
export async function compareBuilds(on: Built, off: Built): Promise<Difference[]> {
  const pairs = artifactsOf(on.build, 'rust-object').map((object) => ({ object, other: findOther(object, off.build) }));
  const compared = await Promise.all(pairs.map(({ object, other }) => (other === null ? [lonely('on', object)] : compareObjects(object, other, on, off))));
  const lost = artifactsOf(off.build, 'rust-object').filter((object) => findOther(object, on.build) === null);
  return [...compared.flat(), ...lost.map((object) => lonely('off', object)), ...(await compareC(on, off)), ...compareCommands(on.build, off.build), ...compareMessages(on.build, off.build)];
}

function findOther({ path }: Artifact, build: Build): Artifact | null {
  return artifactsOf(build, 'rust-object').find((other) => isSamePath(other.path, path)) ?? null;
}

function lonely(side: Difference['side'], { path, part }: Artifact): Difference {
  return { kind: 'object', side, path, name: path, as: part };
}

/**
 * Objects of C have the same traits: no source but that of the exports knows of the option, and a module's record names what it needs.
 * Their bytes say less: with KASAN those of two builds of one source were seen to differ.
 */
async function compareC(on: Built, off: Built): Promise<Difference[]> {
  const isOwn = (path: string) => /(?:^|\/)(?:exports|helpers\/helpers|\S+\.mod)\.o$/.test(path);
  const objects = listObjectsOfC(on.build).filter(({ path }) => !isOwn(path) && listObjectsOfC(off.build).some((other) => isSamePath(other.path, path)));
  const compared = await Promise.all(objects.map(async ({ path }) => ({ path, within: await compareObjects({ path }, { path }, on, off) })));
  return compared.filter(({ within }) => within.length > 0).map(({ path, within }): Difference => ({ kind: 'c-object', side: 'on', path, name: path, as: 'not the same traits', within }));
}

/** What was made in both builds, be it of C, was made by the same tools with the same options. */
function compareCommands(on: Build, off: Build): Difference[] {
  const [left, right] = [commandsOf(on), commandsOf(off)];
  return [...left].flatMap(([path, tools]) => {
    const others = right.get(path);
    return others === undefined ? [] : [...compareTools(path, tools, others), ...[...tools].flatMap(([tool, options]) => compareOptions(path, tool, options, others.get(tool)))];
  });
}

/** File to tools to the options that all commands of the tool for that file have together. */
type Commands = Map<string, Map<string, Set<string>>>;

function commandsOf(build: Build): Commands {
  const targets = Map.groupBy(executedSteps(build), ({ target }) => tidyPath(target));
  return new Map([...targets].map(([path, steps]) => {
    const tools = Map.groupBy(steps, ({ tool }) => tool);
    return [path, new Map([...tools].map(([tool, same]) => [tool, new Set(same.flatMap(({ argv }) => listOptions(argv)))]))];
  }));
}

/**
 * Words that begin with a dash, each with the one behind it that belongs to it. Which files are read and written is no
 * option, headers included: they shape the source as an include in it would.
 */
function listOptions(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    if (paired.has(word)) return [`${word} ${argv[index + 1] ?? ''}`];
    return /^[-@]./.test(word) && !paired.has(argv[index - 1] ?? '') && !ofFiles.has(word) ? [word] : [];
  });
}

const paired = new Set(['-mllvm', '-Xclang', '-z', '-m', '--cfg', '-C', '-Z', '--extern']);
const ofFiles = new Set(['-o', '-include']);

function compareTools(path: string, on: ReadonlyMap<string, unknown>, off: ReadonlyMap<string, unknown>): Difference[] {
  const only = (side: Difference['side'], some: Iterable<string>, others: ReadonlyMap<string, unknown>) =>
    [...some].filter((tool) => !others.has(tool)).map((tool): Difference => ({ kind: 'tool', side, path, name: tool, as: tool }));
  return [...only('on', on.keys(), off), ...only('off', off.keys(), on)];
}

/** An option with another value is told once, as the build with the option on has it. */
function compareOptions(path: string, tool: string, on: ReadonlySet<string>, off: ReadonlySet<string> | undefined): Difference[] {
  if (off === undefined) return [];
  const keyOf = (word: string) => /^--emit=[\w-]+/.exec(word)?.[0] ?? word.replace(/=.*/s, '');
  const more = [...on].filter((word) => !off.has(word));
  const lost = [...off].filter((word) => !on.has(word) && !more.some((other) => keyOf(other) === keyOf(word)));
  const tell = (side: Difference['side'], words: readonly string[]) => words.map((word): Difference => ({ kind: 'option', side, path, name: `${tool} ${keyOf(word)}`, as: `${tool} ${word}` }));
  return [...tell('on', more), ...tell('off', lost)];
}

/** An object that is not ELF is the claim `elf-for-objtool`'s to report. */
async function compareObjects({ path }: Pick<Artifact, 'path'>, other: Pick<Artifact, 'path'>, on: Built, off: Built): Promise<Difference[]> {
  if ((await on.artifacts.format(path)) !== 'elf' || (await off.artifacts.format(other.path)) !== 'elf') return [];
  if ((await on.artifacts.digest(path)) === (await off.artifacts.digest(other.path))) return [];
  const [left, right] = [await readTraits(path, on.artifacts), await readTraits(other.path, off.artifacts)];
  return [
    ...without(left, right).map((trait): Difference => ({ ...trait, side: 'on', path })),
    ...without(right, left).map((trait): Difference => ({ ...trait, side: 'off', path })),
  ];
}

function without(traits: readonly Trait[], others: readonly Trait[]): Trait[] {
  const known = new Set(others.map((trait) => JSON.stringify(trait)));
  return traits.filter((trait) => !known.has(JSON.stringify(trait)));
}

function compareMessages(on: Build, off: Build): Difference[] {
  const [left, right] = [readMessages('on', on), readMessages('off', off)];
  const only = (some: readonly Difference[], others: readonly Difference[]) => some.filter(({ name }) => !others.some((other) => other.name === name));
  return [...only(left, right), ...only(right, left)];
}

/** What modpost says is the claim `exports-right`'s to compare. */
function readMessages(side: Difference['side'], { diagnostics }: Build): Difference[] {
  return diagnostics
    .filter(({ tool }) => tool !== 'modpost')
    .map(({ tool, target, text }) => ({ kind: 'diagnostic', side, path: target ?? tool, name: normaliseMessage(text.split('\n', 1)[0] ?? ''), as: text }));
}
