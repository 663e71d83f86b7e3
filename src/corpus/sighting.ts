import { nameTree } from '../tree/open.ts';
import type { Toolchain, Tree } from '../tree/records.ts';
import type { Sighting } from './cases.ts';

/** What of a tree and a toolchain a sighting tells; `versions`: what the tools say of themselves, by name. */
export type Place = { tree: Pick<Tree, 'spec' | 'version' | 'fingerprint'>; toolchain: { kind: string; versions: Readonly<Record<string, string | undefined>> } };

/** Where something was seen, as a case has it. */
export function sightingOf(tree: Tree, { kind, tools }: Toolchain, seed: string | null): Sighting {
  return sightingAt({ tree, toolchain: { kind, versions: { clang: tools.clang?.version, rustc: tools.rustc?.version } } }, seed);
}

export function sightingAt({ tree, toolchain: { kind, versions } }: Place, seed: string | null): Sighting {
  const versionOf = (name: string) => /\d+(?:\.\d+)+\S*/.exec(versions[name] ?? '')?.[0];
  const [clang, rustc] = [versionOf('clang'), versionOf('rustc')];
  return {
    tree: nameTree(tree), ...(tree.version === null ? {} : { version: tree.version }), fingerprint: tree.fingerprint.slice(0, 8),
    toolchain: kind, ...(clang === undefined ? {} : { clang }), ...(rustc === undefined ? {} : { rustc }), ...(seed === null ? {} : { seed }),
  };
}
