import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTextIfAny } from '../util/files.ts';

export type SymbolType = 'bool' | 'tristate' | 'int' | 'hex' | 'string';

const definition = /^[ \t]*(?:menu)?config[ \t]+([A-Za-z0-9_]+)[ \t]*$/;
const typed = /^[ \t]+(?:def_)?(bool|tristate|int|hex|string)\b/;

/**
 * Every symbol that any Kconfig file of a tree defines, with its type. A scan of the text, half a second for Linux:
 * enough to refuse a misspelt name; it knows nothing of which files an architecture includes.
 */
export async function indexSymbols(directory: string): Promise<Map<string, SymbolType>> {
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.startsWith('Kconfig'));
  const symbols = new Map<string, SymbolType>();
  for (const text of await Promise.all(files.map((file) => readTextIfAny(join(file.parentPath, file.name))))) {
    scanDefinitions(text ?? '', symbols);
  }
  return symbols;
}

function scanDefinitions(text: string, symbols: Map<string, SymbolType>): void {
  let name: string | null = null;
  for (const line of text.split('\n')) {
    const found = definition.exec(line)?.[1];
    if (found !== undefined) name = found;
    const type = typed.exec(line)?.[1];
    if (name === null || type === undefined) continue;
    symbols.set(name, type as SymbolType);
    name = null;
  }
}
