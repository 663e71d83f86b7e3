import type { ArtifactReader } from '../artifact/reader.ts';
import type { Build } from '../pipeline/records.ts';
import type { Edit } from '../tree/edit.ts';
import type { Arch } from '../tree/records.ts';

/** A piece of a proof, as text that a maintainer can check: the command, the symbol, the log lines. */
export type Evidence = { kind: 'command' | 'symbol' | 'section' | 'file' | 'log'; where: string; text: string };

/**
 * Something that a few lines of shell can look at. Paths are relative to the objtree; `target`: what make was making, as
 * its `.cmd` file has it.
 */
export type Look =
  /** A message of the build, its first line; places and numbers in it do not count. */
  | { kind: 'message'; text: string }
  /** A string, or the end of one, in the sections of an object that begin with this name. */
  | { kind: 'string'; file: string; section: string; text: string }
  /** As `llvm-nm` tells it, of objects and bitcode. */
  | { kind: 'symbol'; file: string; name: string; as: 'undefined' | 'local' | 'global' | 'weak' | 'any' }
  | { kind: 'section'; file: string; name: string }
  /** Words, one after the other, on the command line of a tool for a target. */
  | { kind: 'words'; target: string; tool: string; words: string }
  /** A text in a line of a file. */
  | { kind: 'text'; file: string; text: string }
  /** A compile unit of C in the debug information. */
  | { kind: 'unit-of-c'; file: string }
  /** Of a function with a body in bitcode: `sanitize_address`, or a feature of its target, `+avx`. */
  | { kind: 'attribute'; file: string; name: string }
  /** A flag of a bitcode module with its value: `kcfi`, `i32 1`. */
  | { kind: 'flag'; file: string; name: string; value: string }
  /** What the recorded llvm-link or clang says where nothing tells it to be silent. */
  | { kind: 'warning'; target: string; tool: 'llvm-link' | 'clang'; text: string }
  /** Whether git would ignore a file of this name. */
  | { kind: 'ignored'; file: string }
  | { kind: 'elf'; file: string }
  | { kind: 'file'; file: string }
  /** Whether a file has the bytes that it has in the first build. */
  | { kind: 'same'; file: string }
  /** Whether a file was made after another that was itself made anew. */
  | { kind: 'newer'; file: string; than: string };

/**
 * What a script builds: `this` one; its `twin` with the option off; `cleaned`: after `make clean`; and in the tree that was built
 * `toggled`: the option turned off, built, turned on and built; `recompiled`: as if helpers had been compiled with other flags,
 * `recompiled-module`: those for modules alone.
 */
export const signBuilds = ['this', 'twin', 'cleaned', 'toggled', 'recompiled', 'recompiled-module'] as const;

/** What a look has to give, and where. */
export type Sign = Look & { build: (typeof signBuilds)[number]; shows: boolean };

/**
 * One violation. `key` holds what stays the same when the same defect is met again on another architecture, in
 * another object tree, with other hashes and line numbers: it becomes the signature.
 */
export type Failure = {
  summary: string;
  key: string[];
  evidence: Evidence[];
  /**
   * How to see the failure by hand: it shows where all signs of one of these lists do, and where none does it is gone. Left
   * out where nothing so simple tells. No part of the signature.
   */
  symptoms?: Sign[][];
};

export type Judgement =
  | { result: 'passed' }
  | { result: 'not-applicable'; reason: string }
  | { result: 'failed'; failures: Failure[] };

/** One build: its record, and its files read through the toolchain's own tools. */
export type Built = { build: Build; artifacts: ArtifactReader };

/** What can be made beside a build for properties that compare. Each costs time, so each is asked for by its name. */
export const passNames = ['twin', 'again', 'incremental', 'clean'] as const;
export type PassName = (typeof passNames)[number];

/** What each pass makes. */
export type Passes = {
  /** The same configuration with the option off: helpers are called, not inlined. */
  twin: Built;
  /**
   * The same build once more. `isElsewhere`: the tree and the objtree are at other paths; they are where the first
   * build's were if there is debug information, which names places.
   */
  again: Built & { isElsewhere: boolean };
  /**
   * The first objtree after the option was turned off, built, turned on again and built; a kernel's once more, with
   * helpers whose flags had changed meanwhile. `halfway`: the build with the option off; null where it is the one that failed.
   * `modules`: a kernel's, when the flags of the helpers for modules alone had changed.
   */
  incremental: Built & { halfway: Build | null; modules: Build | null };
  /** A copy of the first objtree, cleaned. */
  clean: Cleaned;
};

/**
 * Files of an objtree by their paths in it, before and after. `unignored`: bitcode that the tree's `.gitignore` files let
 * through; `failure`: how the cleaning itself failed.
 */
export type Cleaned = { failure: string | null; before: string[]; after: string[]; unignored: string[] };

/** The passes that were asked for: each with what it made, or why there can be nothing. */
export type PassResults = { [Name in PassName]?: Passes[Name] | { impossible: string } };

/** What a property looks at. */
export type Subject = Built & { passes?: PassResults };

/** A claim about a build. One file under `properties/`, its default export. */
export type Property = {
  /** The file's name without its ending. */
  name: string;
  /** The claim in one sentence: "every Rust object is ELF when objtool reads it". */
  claim: string;
  /** A pass without which there is nothing to judge; where it was not asked for, the property is left out. */
  needs?: PassName;
  judge: (subject: Subject) => Promise<Judgement>;
};

/** One change to a kernel's own build, made to copies of its files, and the property that must notice it. */
export type KernelMutant = {
  name: string;
  /** Name of the property that must fail; `gating` for what Kconfig forgets or forbids. */
  property: string;
  /** The defect in one sentence. */
  defect: string;
  arch: Arch;
  /** Symbols that must be set for the defect to show. */
  needs: Record<string, string>;
  edits: Edit[];
  /** Whether make has to begin with nothing, as it would not notice: otherwise it goes on from a healthy object tree. */
  isFromNothing: boolean;
};

export type { Edit } from '../tree/edit.ts';
export type { Artifact, Build, Diagnostic, Mutant, Part, PlannedStep, Role, Step } from '../pipeline/records.ts';
export { otherFlag } from '../pipeline/records.ts';
