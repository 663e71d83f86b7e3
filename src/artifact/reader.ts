import type { Step } from '../pipeline/records.ts';

/** What the first bytes of a file say it is. */
export type FileFormat = 'elf' | 'bitcode' | 'archive' | 'empty' | 'missing' | 'other';

/** A symbol of an ELF file. `section` is a section's name, `UNDEF`, `ABS` or `COMMON`. */
export type ElfSymbol = {
  name: string;
  binding: 'local' | 'global' | 'weak' | 'other';
  type: string;
  visibility: 'default' | 'hidden' | 'protected' | 'internal';
  section: string;
  /** Where in its section it begins, in bytes; in what is linked, its address. */
  value: number;
  size: number;
};

export type ElfSection = { name: string; type: string; flags: string[]; size: number };

/** `machine` as llvm-readobj names it: `EM_X86_64`, `EM_AARCH64`. */
export type ElfLayout = { machine: string; type: string; sections: ElfSection[] };
export type ElfFacts = ElfLayout & { symbols: ElfSymbol[] };

/** Kinds of the relocations that apply to one section: `R_X86_64_PLT32`. */
export type SectionRelocations = { section: string; kinds: string[] };

/** What a linker goes by besides symbols. A note: its section, owner, type and contents as llvm-readobj words them. */
export type ElfLinkage = { relocations: SectionRelocations[]; notes: string[] };

/**
 * A part of a file and the SHA-256 of its contents: of ELF the sections of one name; of bitcode `header` (the source
 * file's name), `summary` (for ThinLTO), `metadata` (debug information) or `code`.
 */
export type PartDigest = { part: string; digest: string };

/**
 * A function or variable of a bitcode file; `linkage` as in LLVM IR (`internal`, `external`, `linkonce_odr` …).
 * `isDefined`: an object made of the file holds it. `convention`: how the function is called (`win64cc`), where that is
 * not as C does it.
 */
export type BitcodeSymbol = { name: string; kind: 'function' | 'variable' | 'alias'; linkage: string; isDefined: boolean; convention?: string };

/** A variable that holds constant strings (a character for each byte) or asks for a section of its own. */
export type BitcodeVariable = { name: string; section: string | null; strings: string[] };

/**
 * A property of a whole module that linking joins with the other's. `behaviour` says how, by LLVM's numbers: 1 both
 * must agree, 2 they should, 4 this one wins, 7 the larger value wins, 8 the smaller one, and 0 where one is missing.
 */
export type ModuleFlag = { behaviour: number; name: string; value: string };

/** What functions are compiled for; `features` as clang and rustc wrote them: `+cx8`, `-sse`. */
export type FunctionTarget = { cpu: string; features: string[] };

export type BitcodeFacts = {
  triple: string;
  dataLayout: string;
  sourceFile: string;
  symbols: BitcodeSymbol[];
  /** Compile units of its debug information; empty where it has none. */
  compileUnits: CompileUnit[];
  variables: BitcodeVariable[];
  /** C's string literals that are passed to a function by its name, or to assembly (`asm`), once for each call. */
  passed: { text: string; callee: string }[];
  /** Texts of all assembly, be it in functions, as in the IR: symbols that they name are declared nowhere else. */
  assembly: string[];
  /** Lines of the assembly that belongs to no function, without the IR's escapes. */
  moduleAssembly: string[];
  flags: ModuleFlag[];
  /**
   * Attributes of each function with a body, by the function's name: `sanitize_address`, `frame-pointer=all`, and
   * target features one by one: `+retpoline-indirect-calls`.
   */
  attributes: Map<string, ReadonlySet<string>>;
  /** Each target that any of its functions has, once. */
  targets: FunctionTarget[];
};

/** Strings of a section, in order; what is not printable shows as a dot. */
export type SectionStrings = { section: string; strings: string[] };

/** A call that code generation left, of a function whose body it had. */
export type RemainingCall = {
  caller: string;
  callee: string;
  /** Why LLVM did not inline it, in its own words (`noinline function attribute`); null where it gave no reason. */
  reason: string | null;
  /** Attributes that decide on inlining and that caller and callee do not share: `target-features`, `sanitize_thread`. */
  differences: string[];
  /** The callee's type as the call has it and as its definition does: `i64 (i32)`. */
  calledAs: string;
  definedAs: string;
};

/**
 * A DWARF compile unit: `language` as DWARF names it (`DW_LANG_C11`, `DW_LANG_Rust`), empty for a skeleton unit whose
 * rest is in a `.dwo` file.
 */
export type CompileUnit = { name: string; language: string; producer: string };

/**
 * A function of an object's code. `instructions` as llvm-objdump prints them, words joined by one space, without
 * comments; behind each, as `@NAME`, what its relocations are about. `before`: the instruction or data right before
 * the function in its section, or null.
 */
export type CodeFunction = { name: string; before: string | null; instructions: string[] };

/**
 * Reads the files of one build through the toolchain's own tools, each file once. Paths are relative to the objtree.
 * Some facts take a recorded command to be run once more; what it would write is thrown away.
 *
 * @throws InfraError where a tool is missing, killed or stopped by its time limit
 * @throws UnreadableArtifact where the file is missing or the tool cannot make sense of it
 */
export type ArtifactReader = {
  format: (path: string) => Promise<FileFormat>;
  elf: (path: string) => Promise<ElfFacts>;
  /** The same without symbols, of which a linked kernel has a hundred thousand. */
  layout: (path: string) => Promise<ElfLayout>;
  bitcode: (path: string) => Promise<BitcodeFacts>;
  /** Of an ELF object's DWARF. */
  compileUnits: (path: string) => Promise<CompileUnit[]>;
  /** Of an ELF object's code. */
  code: (path: string) => Promise<CodeFunction[]>;
  /** What pahole would make BTF of in an ELF object when told to leave Rust out: `STRUCT file size=8`, one a type. */
  encodedTypes: (path: string) => Promise<string[]>;
  /** Names of the structs and unions in an ELF file's BTF; a module's, which builds on that of `base`, with those of `base`. */
  btfNames: (path: string, base: string | null) => Promise<string[]>;
  /** Of an ELF file. */
  linkage: (path: string) => Promise<ElfLinkage>;
  /** Strings of an ELF file's `.modinfo`: `license=GPL`. Empty where it has no such section. */
  modinfo: (path: string) => Promise<string[]>;
  /** SHA-256 of a file's bytes, 64 hexadecimal digits; null where there is no such file. */
  digest: (path: string) => Promise<string | null>;
  /** Of ELF and bitcode; not kept, since whole files are read. */
  parts: (path: string) => Promise<PartDigest[]>;
  /** Of the sections that are there when the kernel runs, code excepted. */
  sectionStrings: (path: string) => Promise<SectionStrings[]>;
  text: (path: string) => Promise<string | null>;
  /** What a recorded `llvm-link` says when its warnings are not suppressed, a message each. */
  linkWarnings: (step: Step) => Promise<string[]>;
  /** What a recorded code generation says of its input without `-Wno-override-module`, a message each. */
  overrideWarnings: (step: Step) => Promise<string[]>;
  /** Calls of the given functions that a recorded code generation leaves in its output. */
  remainingCalls: (step: Step, callees: readonly string[]) => Promise<RemainingCall[]>;
};
