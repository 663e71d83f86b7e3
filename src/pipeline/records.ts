import type { Jobserver } from '../util/jobserver.ts';
import type { Arch, Mounts, Toolchain, Tree } from '../tree/records.ts';

/** What a step is for. `other`: part of the build, but not of the inlining pipeline (C objects, generators). */
export type Role =
  | 'helpers' // clang -emit-llvm of the helper unit
  | 'crate' // rustc of a crate that becomes part of the kernel (core and friends included)
  | 'link' // llvm-link of a crate with a helper bitcode
  | 'codegen' // clang: linked bitcode to native object
  | 'to-elf' // ld -r
  | 'objcopy'
  | 'check' // objtool
  | 'exports' // generator of export tables
  | 'btf' // pahole
  | 'modpost' // scripts/mod/modpost: who exports what, to whom
  | 'other';

/** Whether a thing ends in vmlinux or in a loadable module. */
export type Part = 'builtin' | 'module';

/** One executed command, in the order of execution. Paths are relative to the objtree, or absolute outside it. */
export type Step = {
  index: number;
  /** What the pipeline was making: `rust/kernel.o`. Several steps can share one target. */
  target: string;
  role: Role;
  /** Base name of the program: `clang`, `rustc`, `llvm-link`, `ld.lld`, `objtool`. */
  tool: string;
  argv: string[];
  inputs: string[];
  outputs: string[];
  /** Exit code; null where the step was not executed because an earlier one failed. */
  exit: number | null;
};

export type ArtifactKind =
  | 'helper-bitcode' // rust/helpers/helpers.bc, helpers_module.bc
  | 'crate-bitcode' // X.bc as rustc wrote it
  | 'linked-bitcode' // X.m.bc, helpers linked in
  | 'rust-object' // X.o, native code of a crate
  | 'c-object' // object of a C file (helpers.o with the option off included)
  | 'kernel' // vmlinux, and vmlinux.o, of which it is linked
  | 'module' // X.ko
  | 'exports'; // exports_*_generated.h

/** A file that the build left in its objtree. */
export type Artifact = { path: string; kind: ArtifactKind; part: Part };

/** A message of a tool. `text` is the message as printed, first line first; paths still absolute. */
export type Diagnostic = { severity: 'error' | 'warning'; tool: string; target: string | null; text: string };

/** How the whole build ended. `infra` is nobody's finding. */
export type BuildOutcome =
  | { kind: 'succeeded' }
  | { kind: 'failed'; step: Step | null; target: string | null; summary: string }
  | { kind: 'timed-out'; afterMs: number }
  | { kind: 'cancelled' }
  | { kind: 'infra'; code: string; message: string };

/** Everything that one config produced. Both pipelines give this record; properties see nothing else. */
export type Build = {
  pipeline: 'embedded' | 'kbuild';
  arch: Arch;
  /** Effective configuration: symbol without `CONFIG_` to value as in `.config`; what is not set is absent. */
  config: Record<string, string>;
  /** Absolute host path. */
  objtree: string;
  steps: Step[];
  artifacts: Artifact[];
  diagnostics: Diagnostic[];
  outcome: BuildOutcome;
  ms: number;
};

/** What a pipeline is asked to build. `config` is a whole, resolved `.config` text. */
export type BuildRequest = {
  tree: Tree;
  toolchain: Toolchain;
  arch: Arch;
  config: string;
  /** An existing, empty host directory; may already hold `.config` and its by-products. */
  objtree: string;
  /** Where the tree and the objtree appear to the commands; of no account without a sandbox. */
  mounts: Mounts;
  /** What to make: `prepare`, `samples/rust/`. The embedded pipeline builds everything and ignores this. */
  targets: readonly string[];
  /** Shared by all builds in flight; null: one job at a time. */
  jobserver: Jobserver | null;
  timeoutMs: number;
  signal: AbortSignal;
  /** A deliberate defect in the pipeline, for proving properties; null in every real run. */
  mutant: Mutant | null;
};

/** A step that has been planned but not run. */
export type PlannedStep = Omit<Step, 'index' | 'exit'> & { env?: Record<string, string> };

/** One change to the plan of the embedded pipeline, and the property that must notice it. */
export type Mutant = {
  name: string;
  /** Name of the property that must fail. */
  property: string;
  /** The defect in one sentence. */
  defect: string;
  /** Symbols that must be set for the defect to show, e.g. `{ LTO_CLANG_FULL: 'y' }`. */
  needs: Record<string, string>;
  apply: (plan: PlannedStep[]) => PlannedStep[];
};

/** What is added to the recorded command of helpers, so that make takes it for that of another flag. */
export const otherFlag = '-DKINFUZZ_OTHER_FLAG';
