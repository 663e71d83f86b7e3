import { createHash } from 'node:crypto';
import type { PartDigest } from './reader.ts';

/** Arguments of `llvm-readobj` whose output {@link digestSections} reads. */
export const sectionArguments = ['--elf-output-style=JSON', '--sections'];

/**
 * Hashes of an ELF file's sections, of those of one name together. `json` is what llvm-readobj says of the same bytes.
 *
 * @throws SyntaxError or TypeError where it is not that
 */
export function digestSections(json: string, bytes: Buffer): PartDigest[] {
  const [file] = JSON.parse(json) as [{ Sections: { Section: Section }[] }];
  const sections = file.Sections.map(({ Section }) => Section).filter(({ Type }) => Type.Name !== 'SHT_NULL' && Type.Name !== 'SHT_NOBITS');
  const groups = Map.groupBy(sections, ({ Name }) => Name.Name);
  return [...groups].map(([part, group]) => digestPart(part, group.map(({ Offset, Size }) => bytes.subarray(Offset, Offset + Size))));
}

type Section = { Name: { Name: string }; Type: { Name: string }; Offset: number; Size: number };

/** Hashes of bitcode's parts by the text that `llvm-dis` prints. */
export function digestIr(ir: string): PartDigest[] {
  const lines = Map.groupBy(ir.split('\n'), partOfLine);
  return [...lines].map(([part, group]) => digestPart(part, group));
}

function partOfLine(line: string): string {
  if (/^(?:source_filename|; ModuleID) = /.test(line)) return 'header';
  if (line.startsWith('^')) return 'summary';
  return line.startsWith('!') ? 'metadata' : 'code';
}

function digestPart(part: string, pieces: readonly (string | Buffer)[]): PartDigest {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece).update('\n');
  return { part, digest: hash.digest('hex') };
}
