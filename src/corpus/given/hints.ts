import { type PassName, passNames } from '../../property/contract.ts';
import { arches } from '../../tree/records.ts';
import type { NamedArch } from './records.ts';

/** The architecture of a configuration; null where it does not tell. */
export function archOfConfig(config: Record<string, string>): NamedArch | null {
  if (config['UML'] === 'y') return { kind: 'known', arch: 'um' };
  if (config['ARM64'] === 'y') return { kind: 'known', arch: 'arm64' };
  if (config['X86_64'] === 'y') return { kind: 'known', arch: 'x86_64' };
  if (config['X86_32'] === 'y') return { kind: 'foreign', name: 'i386' };
  const other = ['RISCV', 'ARM', 'S390', 'PPC', 'MIPS', 'LOONGARCH', 'SPARC', 'PARISC', 'M68K', 'XTENSA', 'SUPERH', 'OPENRISC', 'MICROBLAZE', 'NIOS2', 'HEXAGON', 'CSKY', 'ARC', 'ALPHA'].find((name) => config[name] === 'y');
  return other === undefined ? null : { kind: 'foreign', name: other.toLowerCase() };
}

/** The architecture that words tell: `ARCH=arm64`, the head of a `.config`, or `config: x86_64-randconfig-…`, as 0-day has it. */
export function archOfWords(text: string): NamedArch | null {
  const name = /(?<![A-Za-z0-9_])ARCH=["']?([a-z0-9_]+)/.exec(text)?.[1] ?? /^[\s>|]*config: ([a-z0-9_]+)-(?:\S*config|buildonly)/m.exec(text)?.[1];
  if (name === undefined) return null;
  const arch = arches.find((known) => known === name);
  return arch === undefined ? { kind: 'foreign', name } : { kind: 'known', arch };
}

/** Signatures of failures that a text names, of properties that there are. */
export function findSignatures(text: string, properties: readonly string[]): string[] {
  const named = [...text.matchAll(/(?<![A-Za-z0-9_/-])([a-z0-9-]+):[0-9a-f]{8}(?![A-Za-z0-9_])/g)];
  return [...new Set(named.filter(([, property]) => properties.includes(property ?? '')).map(([signature]) => signature))];
}

/** The passes that the line of a replay asks for. */
export function findPasses(text: string): PassName[] {
  const named = /\s--passes[=\s]([a-z,]+)/.exec(text)?.[1]?.split(',') ?? [];
  return passNames.filter((name) => named.includes(name));
}
