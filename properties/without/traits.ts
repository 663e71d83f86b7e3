import type { ArtifactReader, ElfFacts, ElfSymbol } from '../../src/artifact/reader.ts';

/** What two objects of one source can differ in. */
export type TraitKind = 'symbol' | 'undefined' | 'local' | 'section' | 'relocation' | 'note' | 'modinfo' | 'unit';

/**
 * One thing that an object shows to linkers, loaders or tools. `name` is what it is called, without the numbers that
 * compilers count up; `as`, what the file says of it.
 */
export type Trait = { kind: TraitKind; name: string; as: string };

/** All traits of an ELF object, each once. Sizes, addresses and the order of things are none. */
export async function readTraits(path: string, artifacts: ArtifactReader): Promise<Trait[]> {
  const facts = await artifacts.elf(path);
  const { relocations, notes } = await artifacts.linkage(path);
  const units = await artifacts.compileUnits(path);
  return distinct([
    ...facts.symbols.flatMap(traitOfSymbol),
    ...traitsOfSections(facts),
    ...relocations.flatMap(({ section, kinds }) => kinds.map((kind): Trait => ({ kind: 'relocation', name: stripNumber(section), as: kind }))),
    ...notes.map((note): Trait => ({ kind: 'note', name: note.split(' ', 1)[0] ?? '', as: note })),
    ...(await artifacts.modinfo(path)).map((text): Trait => ({ kind: 'modinfo', name: text.split('=', 1)[0] ?? '', as: text })),
    ...units.map(({ name, language }): Trait => ({ kind: 'unit', name, as: language })),
  ]);
}

/** Before the names of functions: objtool's marks of their padding, KCFI's of their types. */
const marks = /^(?:__(?:pfx|cfi)_)+/;

/** Where clang puts a function that ends in what is rarely called, be it by what was inlined into it. */
const cold = /^\.text\.unlikely\.?$/;

/** Names of sections and labels carry no meaning; nor do ARM's marks of code and data. */
function traitOfSymbol({ name, binding, type, visibility, section }: ElfSymbol): Trait[] {
  if (type === 'Section' || /^(?:\$|\.L)/.test(name)) return [];
  if (section === 'UNDEF') return [{ kind: 'undefined', name, as: binding }];
  if (binding === 'local') return [{ kind: 'local', name: stripNumber(name.replace(marks, '')), as: type === 'File' ? 'file' : stripNumber(section) }];
  return [{ kind: 'symbol', name, as: `${binding} ${visibility} ${type} in ${section.replace(cold, '.text')}` }];
}

/** Tables of symbols, strings and relocations are the container's; relocations are traits of their own. */
function traitsOfSections({ sections }: ElfFacts): Trait[] {
  const container = new Set(['SHT_NULL', 'SHT_SYMTAB', 'SHT_STRTAB', 'SHT_RELA', 'SHT_REL']);
  return sections
    .filter(({ type }) => !container.has(type))
    .map(({ name, type, flags }) => ({ kind: 'section', name: stripNumber(name), as: [type, ...flags].join(' ') }));
}

/** `.str.3` → `.str`; the number of `.init_array.0` is a priority and stays. */
export function stripNumber(name: string): string {
  return /^\.(?:init|fini)_array\b/.test(name) ? name : name.replace(/(?:\.\d+)+$/, '').replace(/(__UNIQUE_ID_\w*?)_?\d+$/, '$1');
}

export function formatTrait({ kind, name, as }: Trait): string {
  return kind === 'modinfo' || kind === 'note' ? as : `${name}: ${as}`;
}

function distinct(traits: readonly Trait[]): Trait[] {
  return [...new Map(traits.map((trait) => [JSON.stringify(trait), trait])).values()];
}
