import type { ElfFacts, ElfSection, ElfSymbol } from './reader.ts';

/** Arguments of `llvm-readobj` whose output {@link parseElf} reads. */
export const elfArguments = ['--elf-output-style=JSON', '--file-header', '--sections', '--symbols'];

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

type Named = { Name: string; Value: number };
type Flags = { Value: number; Flags: Named[] };
type ReadobjSection = { Name: Named; Type: Named; Flags: Flags; Size: number };
type ReadobjSymbol = { Name: Named; Size: number; Binding: Named; Type: Named; Other: Flags; Section: Named };
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

function inspectSymbol({ Name, Size, Binding, Type, Other, Section }: ReadobjSymbol): ElfSymbol {
  return {
    name: Name.Name,
    binding: bindings[Binding.Value] ?? 'other',
    type: Type.Name,
    visibility: visibilities[Other.Value & 3] ?? 'default',
    section: specialSections[Section.Value] ?? Section.Name,
    size: Size,
  };
}
