import { nameTree } from '../tree/open.ts';
import type { Toolchain, Tree } from '../tree/records.ts';
import type { Sighting } from './cases.ts';

/** Where something was seen, as a case has it. */
export function sightingOf(tree: Tree, toolchain: Toolchain, seed: string | null): Sighting {
  const versionOf = (text: string | undefined) => /\d+(?:\.\d+)+\S*/.exec(text ?? '')?.[0];
  const clang = versionOf(toolchain.tools.clang?.version);
  const rustc = versionOf(toolchain.tools.rustc?.version);
  return {
    tree: nameTree(tree), ...(tree.version === null ? {} : { version: tree.version }), fingerprint: tree.fingerprint.slice(0, 8),
    toolchain: toolchain.kind, ...(clang === undefined ? {} : { clang }), ...(rustc === undefined ? {} : { rustc }), ...(seed === null ? {} : { seed }),
  };
}
