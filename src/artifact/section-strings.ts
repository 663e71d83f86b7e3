import type { ElfFacts, SectionStrings } from './reader.ts';

/** Sections with contents that the kernel has in memory, and that are no code. */
export function listDataSections({ sections }: ElfFacts): string[] {
  const data = sections.filter(({ type, flags }) => type === 'SHT_PROGBITS' && flags.includes('SHF_ALLOC') && !flags.includes('SHF_EXECINSTR'));
  return [...new Set(data.map(({ name }) => name))];
}

/** Arguments of `llvm-readobj` whose output {@link parseSectionStrings} reads. Sections of one name are all printed. */
export function stringArguments(sections: readonly string[]): string[] {
  return sections.map((name) => `--string-dump=${name}`);
}

/** Strings that `llvm-readobj` prints, each with its offset before it: `[    52] license=GPL`. */
export function parseSectionStrings(dump: string): SectionStrings[] {
  return dump
    .split(/^String dump of section '/m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("':\n");
      return { section: part.slice(0, end), strings: Array.from(part.slice(end).matchAll(/^\[ *[0-9a-f]+\] (.*)$/gm), ([, text = '']) => text) };
    });
}
