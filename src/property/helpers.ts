import type { ArtifactReader, BitcodeSymbol } from '../artifact/reader.ts';
import type { Build } from './contract.ts';
import { artifactsOf } from './subject.ts';

export type IsHelper = (name: string) => boolean;

/** By the kernel's naming, and whatever other function the helper bitcode would offer to others. */
export async function recogniseHelpers(build: Build, artifacts: ArtifactReader): Promise<IsHelper> {
  const facts = await Promise.all(artifactsOf(build, 'helper-bitcode').map(({ path }) => artifacts.bitcode(path)));
  const names = new Set(facts.flatMap(({ symbols }) => symbols).filter(isOffered).map(({ name }) => name));
  return (name) => name.startsWith('rust_helper_') || names.has(name);
}

/** No name of C has a dot: one that has is a sanitizer's (`asan.module_ctor`), and crates have theirs too. */
function isOffered(symbol: BitcodeSymbol): boolean {
  return symbol.kind === 'function' && symbol.isDefined && !isLocal(symbol) && !symbol.name.includes('.');
}

/** `llvm.used` and its like are lists for the compiler, no symbols. */
export function isLocal({ linkage }: BitcodeSymbol): boolean {
  return linkage === 'internal' || linkage === 'private' || linkage === 'appending';
}
