import type { ArtifactReader, BitcodeFacts } from '../../src/artifact/reader.ts';
import type { Artifact, Build, Built } from '../../src/property/contract.ts';
import { artifactsOf, executedSteps, isSamePath, writerOf } from '../../src/property/subject.ts';
import { readTraits, stripNumber, type Trait } from './traits.ts';

/**
 * What the configuration does to C code and what the helpers consist of, whatever becomes of Rust: a control for what
 * the option may explain.
 */
export type Control = {
  config: Record<string, string>;
  /** Traits of the C objects of the build without inlining that are ELF; few or none under LTO. */
  traits: readonly Trait[];
  /** Local symbols of C objects other than the helpers': what headers leave in whatever includes them. */
  locals: ReadonlySet<string>;
  /** Symbols that C objects or bitcode of C refer to, be it in assembly. */
  referred: ReadonlySet<string>;
  /** Symbols that the helpers' bitcode defines, without numbers at their end. */
  helpers: ReadonlySet<string>;
  /** Strings that the helpers' bitcode has for `.modinfo`. */
  modinfo: ReadonlySet<string>;
  /** Symbols that the crate's own bitcode defines, by the path of its object. */
  crates: ReadonlyMap<string, ReadonlySet<string>>;
};

export async function readControl({ build, artifacts }: Built, twin: Built): Promise<Control> {
  const objects = await Promise.all(listObjectsOfC(twin.build).map(async ({ path }) => ({ path, ...(await readObject(path, twin.artifacts)) })));
  const others = objects.filter(({ path }) => !path.endsWith('helpers/helpers.o'));
  const bitcode = await Promise.all(artifactsOf(build, 'helper-bitcode').map(({ path }) => artifacts.bitcode(path)));
  const symbols = bitcode.flatMap((facts) => facts.symbols);
  const crates = await Promise.all(artifactsOf(build, 'linked-bitcode').map((linked) => readCrate(linked, { build, artifacts })));
  return {
    config: build.config,
    traits: objects.flatMap(({ traits }) => traits),
    locals: new Set(others.flatMap(({ traits }) => traits).filter(({ kind }) => kind === 'local').map(({ name }) => name)),
    referred: new Set([...objects.flatMap(({ referred }) => referred), ...bitcode.flatMap(listReferred)]),
    helpers: new Set(symbols.filter(({ isDefined }) => isDefined).map(({ name }) => stripNumber(name))),
    modinfo: new Set(bitcode.flatMap(listModinfo)),
    crates: new Map(crates),
  };
}

/** Those that a compiler made of a C file, the helpers among them; not what is linked of objects, of Rust maybe. */
export function listObjectsOfC(build: Build): Artifact[] {
  const compiled = executedSteps(build).filter(({ tool, inputs }) => tool === 'clang' && inputs.some((input) => input.endsWith('.c')));
  return artifactsOf(build, 'c-object').filter(({ path }) => compiled.some(({ target }) => isSamePath(target, path)));
}

/** Under LTO an object of C is bitcode: it has no sections yet. */
async function readObject(path: string, artifacts: ArtifactReader): Promise<{ traits: Trait[]; referred: string[] }> {
  switch (await artifacts.format(path)) {
    case 'elf': {
      const traits = await readTraits(path, artifacts);
      return { traits, referred: traits.filter(({ kind }) => kind === 'undefined').map(({ name }) => name) };
    }
    case 'bitcode': {
      return { traits: [], referred: listReferred(await artifacts.bitcode(path)) };
    }
    default:
      return { traits: [], referred: [] };
  }
}

/** Of assembly every word counts: what else it is made of is called as no symbol is. Machine code will refer to more than what is declared. */
function listReferred({ symbols, assembly, attributes }: BitcodeFacts): string[] {
  const declared = symbols.filter(({ isDefined }) => !isDefined).map(({ name }) => name);
  const intrinsics = declared.flatMap((name) => /^llvm\.(mem(?:cpy|move|set))\./.exec(name)?.[1] ?? []);
  const words = [...new Set([...attributes.values()].flatMap((set) => [...set]))];
  return [...declared, ...intrinsics, ...words.flatMap((word) => calledBy[word] ?? []), ...assembly.flatMap((text) => text.match(/[A-Za-z_][\w$.]*/g) ?? [])];
}

/** What a function with this attribute calls or reads, by code that LLVM adds when it makes machine code. */
const calledBy: Record<string, string[]> = {
  'fentry-call=true': ['__fentry__'],
  ...Object.fromEntries(['ssp', 'sspstrong', 'sspreq'].map((word) => [word, ['__stack_chk_fail', '__stack_chk_guard']])),
};

function listModinfo({ variables }: BitcodeFacts): string[] {
  return variables.filter(({ section }) => section === '.modinfo').flatMap(({ strings }) => strings);
}

/** The crate's bitcode is what was linked with the helpers; its object is the target of that step. */
async function readCrate(linked: Artifact, { build, artifacts }: Built): Promise<[string, ReadonlySet<string>]> {
  const step = writerOf(build, linked.path);
  const crates = artifactsOf(build, 'crate-bitcode').filter(({ path }) => step?.inputs.some((input) => isSamePath(input, path)));
  const facts = await Promise.all(crates.map(({ path }) => artifacts.bitcode(path)));
  const names = facts.flatMap(({ symbols }) => symbols).filter(({ isDefined }) => isDefined).map(({ name }) => stripNumber(name));
  return [step?.target ?? linked.path, new Set(names)];
}
