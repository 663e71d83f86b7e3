import type { ElfFacts, ElfLinkage, ElfSection, ElfSymbol } from './reader.ts';

/** Arguments of `llvm-readobj` whose output {@link parseElf} reads, without symbols and with them. */
export const layoutArguments = ['--elf-output-style=JSON', '--file-header', '--sections'];
export const elfArguments = [...layoutArguments, '--symbols'];

/**
 * Facts from the JSON of `llvm-readobj` for one file.
 *
 * Its quirks, as of LLVM 22: one file still comes in an array; each section and symbol is wrapped in an object with one
 * key; a list that the file lacks is absent or `[]`; the special sections are words (`Undefined`) that a real section
 * could also be called, so their numbers decide.
 *
 * @throws SyntaxError or TypeError where the text is not that
 */
export function parseElf(json: string): ElfFacts {
  const [file] = JSON.parse(json) as [ReadobjFile];
  return {
    machine: file.ElfHeader.Machine.Name,
    type: file.ElfHeader.Type.replace(/ \(.*$/, ''),
    sections: (file.Sections ?? []).map(({ Section }) => inspectSection(Section)),
    symbols: (file.Symbols ?? []).map(({ Symbol }) => inspectSymbol(Symbol)).filter(({ name }) => name !== ''),
  };
}

/** Arguments of `llvm-readobj` whose output {@link parseLinkage} reads. */
export const linkageArguments = ['--elf-output-style=JSON', '--sections', '--relocations', '--notes'];

/** @throws SyntaxError or TypeError where the text is not that */
export function parseLinkage(json: string): ElfLinkage {
  const [file] = JSON.parse(json) as [LinkageFile];
  const sections = new Map(file.Sections.map(({ Section }) => [Section.Index, Section]));
  const relocations = (file.Relocations ?? []).map(({ SectionIndex, Relocs }) => ({
    // A table of relocations says in `sh_info` what it applies to.
    section: sections.get(sections.get(SectionIndex)?.Info ?? -1)?.Name.Name ?? '',
    kinds: [...new Set(Relocs.map(({ Relocation }) => Relocation.Type.Name))].sort(),
  }));
  const notes = (file.NoteSections ?? []).flatMap(({ NoteSection: { Name, Notes } }) => Notes.map((note) => formatNote(Name, note)));
  return { relocations, notes };
}

type LinkageFile = {
  Sections: { Section: { Index: number; Name: Named; Info: number } }[];
  Relocations?: { SectionIndex: number; Relocs: { Relocation: { Type: Named } }[] }[];
  NoteSections?: { NoteSection: { Name: string; Notes: Note[] } }[];
};
type Note = { Owner: string; Type: string; Property?: string[]; 'Build ID'?: string };

function formatNote(section: string, { Owner, Type, Property, ...rest }: Note): string {
  const { 'Data size': _size, 'Build ID': _id, ...contents } = rest as Record<string, unknown>;
  const words = Property ?? Object.values(contents).map(String);
  return [section, Owner, Type.replace(/ \(.*$/, ''), ...words].join(' ');
}

type Named = { Name: string; Value: number };
type Flags = { Value: number; Flags: Named[] };
type ReadobjSection = { Name: Named; Type: Named; Flags: Flags; Size: number };
type ReadobjSymbol = { Name: Named; Value: number; Size: number; Binding: Named; Type: Named; Other: Flags; Section: Named };
type ReadobjFile = {
  ElfHeader: { Type: string; Machine: Named };
  Sections?: { Section: ReadobjSection }[];
  Symbols?: { Symbol: ReadobjSymbol }[];
};

// From the ELF specification: SHN_UNDEF, SHN_ABS, SHN_COMMON; STB_*; the low bits of st_other.
const specialSections: Record<number, string> = { 0: 'UNDEF', 0xfff1: 'ABS', 0xfff2: 'COMMON' };
const bindings: Record<number, ElfSymbol['binding']> = { 0: 'local', 1: 'global', 2: 'weak' };
const visibilities = ['default', 'internal', 'hidden', 'protected'] as const;

function inspectSection({ Name, Type, Flags, Size }: ReadobjSection): ElfSection {
  return { name: Name.Name, type: Type.Name, flags: Flags.Flags.map((flag) => flag.Name), size: Size };
}

function inspectSymbol({ Name, Value, Size, Binding, Type, Other, Section }: ReadobjSymbol): ElfSymbol {
  return {
    name: Name.Name,
    binding: bindings[Binding.Value] ?? 'other',
    type: Type.Name,
    visibility: visibilities[Other.Value & 3] ?? 'default',
    section: specialSections[Section.Value] ?? Section.Name,
    value: Value,
    size: Size,
  };
}
