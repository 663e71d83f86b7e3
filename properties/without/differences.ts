import type { Artifact, Build, Built } from '../../src/property/contract.ts';
import { normaliseMessage } from '../../src/property/normalise.ts';
import { artifactsOf, executedSteps, isSamePath } from '../../src/property/subject.ts';
import { readTraits, type Trait, type TraitKind } from './traits.ts';

/** Something that one of the two builds has and the other has not: a trait of an object, an object, a tool that was run for it, a message. */
export type Difference = {
  kind: TraitKind | 'object' | 'tool' | 'diagnostic';
  /** The build that has it: with the option on, or off. */
  side: 'on' | 'off';
  /** The object; of a message, what it is about, or the tool that said it. */
  path: string;
  name: string;
  as: string;
};

/** Every difference of the Rust objects and the messages of two builds. Objects that are not ELF are not looked into. */
export async function compareBuilds(on: Built, off: Built): Promise<Difference[]> {
  const pairs = artifactsOf(on.build, 'rust-object').map((object) => ({ object, other: findOther(object, off.build) }));
  const compared = await Promise.all(pairs.map(({ object, other }) => (other === null ? [lonely('on', object)] : compareObjects(object, other, on, off))));
  const lost = artifactsOf(off.build, 'rust-object').filter((object) => findOther(object, on.build) === null);
  const tools = pairs.flatMap(({ object, other }) => (other === null ? [] : compareTools(object, on.build, off.build)));
  return [...compared.flat(), ...lost.map((object) => lonely('off', object)), ...tools, ...compareMessages(on.build, off.build)];
}

function findOther({ path }: Artifact, build: Build): Artifact | null {
  return artifactsOf(build, 'rust-object').find((other) => isSamePath(other.path, path)) ?? null;
}

function lonely(side: Difference['side'], { path, part }: Artifact): Difference {
  return { kind: 'object', side, path, name: path, as: part };
}

function compareTools({ path }: Artifact, on: Build, off: Build): Difference[] {
  const toolsOf = (build: Build) => new Set(executedSteps(build).filter(({ target }) => isSamePath(target, path)).map(({ tool }) => tool));
  const [left, right] = [toolsOf(on), toolsOf(off)];
  const only = (side: Difference['side'], some: Set<string>, others: Set<string>) => [...some].filter((tool) => !others.has(tool)).map((tool): Difference => ({ kind: 'tool', side, path, name: tool, as: tool }));
  return [...only('on', left, right), ...only('off', right, left)];
}

/** An object that is not ELF is the claim `elf-for-objtool`'s to report. */
async function compareObjects({ path }: Artifact, other: Artifact, on: Built, off: Built): Promise<Difference[]> {
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
