import type { CompileUnit } from './reader.ts';

/**
 * Arguments of `llvm-dwarfdump` whose output {@link parseCompileUnits} reads: the units' own entries and none below,
 * a few hundred bytes a unit however much debug information there is.
 */
export const dwarfArguments = ['--debug-info', '--recurse-depth=0'];

/**
 * Compile units of a DWARF dump. A skeleton unit (split DWARF) has no language: its rest is in another file, and
 * `language` is empty.
 */
export function parseCompileUnits(dump: string): CompileUnit[] {
  return dump
    .split(/^0x[0-9a-f]+: (?=DW_TAG_)/m)
    .filter((entry) => /^DW_TAG_(compile|skeleton|partial)_unit\b/.test(entry))
    .map((entry) => ({
      name: attribute(entry, 'DW_AT_name') || attribute(entry, 'DW_AT_dwo_name') || attribute(entry, 'DW_AT_GNU_dwo_name'),
      language: attribute(entry, 'DW_AT_language') || attribute(entry, 'DW_AT_language_name'),
      producer: attribute(entry, 'DW_AT_producer'),
    }));
}

/** The value in `DW_AT_name	("…")` or `DW_AT_language	(DW_LANG_Rust)`. */
function attribute(entry: string, name: string): string {
  const value = new RegExp(String.raw`^\s*${name}\s+\((.*)\)$`, 'm').exec(entry)?.[1] ?? '';
  return value.replace(/^"(.*)"$/, '$1');
}
