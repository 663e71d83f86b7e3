/** Architectures that kinfuzz builds for, by the name that `make ARCH=` takes. */
export const arches = ['x86_64', 'arm64', 'um'] as const;
export type Arch = (typeof arches)[number];

/** A source tree. `directory` is an absolute host path; it is mounted read-only at {@link sourceMount}. */
export type Tree = {
  kind: 'embedded' | 'kernel';
  /** As the user named it: `embedded`, `debian:linux-source-7.3`, a path. */
  spec: string;
  directory: string;
  /** `7.3.4`; null where the tree has no version. */
  version: string | null;
  /** Changes when any file that a build could read changes; 64 hexadecimal digits. */
  fingerprint: string;
  /** Files of a mutant: paths in the tree, and the host files that commands see there instead. The tree stays as it is. */
  edited?: Readonly<Record<string, string>>;
};

/** Tools that kinfuzz asks a toolchain for. */
export const toolNames = [
  'make', 'clang', 'ld.lld', 'llvm-link', 'llvm-dis', 'llvm-nm', 'llvm-objcopy', 'llvm-readobj', 'llvm-objdump', 'llvm-dwarfdump',
  'rustc', 'bindgen', 'pahole', 'objtool', 'conf',
] as const;
export type ToolName = (typeof toolNames)[number];

/** A tool found: its absolute path as seen inside the toolchain's root, and its version line. */
export type Tool = { path: string; version: string };

/**
 * Exact compilers and where they run. Plain data: crosses to workers as JSON.
 * `root` is a host directory whose top-level entries become `/` in the sandbox (`/` itself for the host toolchain).
 */
export type Toolchain = {
  kind: 'host' | 'debian';
  root: string;
  /** PATH inside the root. */
  path: string[];
  /** Further environment of every command (`LIBCLANG_PATH`). */
  env: Record<string, string>;
  tools: Partial<Record<ToolName, Tool>>;
  /** `…/library` of rustc's sources inside the root, or null. */
  rustLibrary: string | null;
  fingerprint: string;
  /** Whether commands run in bubblewrap (`--no-sandbox` turns it off). */
  isSandboxed: boolean;
};

/** Where the tree and the objtree appear inside a sandbox, for every build on every machine. */
export const sourceMount = '/src';
export const objectMount = '/obj';

export type Mounts = { source: string; objtree: string };
export const usualMounts: Mounts = { source: sourceMount, objtree: objectMount };
/** For a build that must not depend on where it is made. No longer than the usual: what holds a path keeps its size. */
export const otherMounts: Mounts = { source: '/sr2', objtree: '/ob2' };
