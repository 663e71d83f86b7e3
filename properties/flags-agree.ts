import type { Build, Failure, Property, Sign, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isInlining, isSamePath, tidyPath, writerOf } from '../src/property/subject.ts';
import { arePlain, lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'flags-agree',
  claim: 'helpers are compiled with the flags of other C code, and objects are generated with those of the code in them',
  judge: async ({ build, passes }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const helpers = artifactsOf(build, 'helper-bitcode').flatMap(({ path }) => writerOf(build, path) ?? []);
    const [first] = helpers;
    if (first === undefined) return notApplicable('no command is known that compiled helpers');
    const twin = passes?.twin && 'build' in passes.twin ? passes.twin.build : null;
    const neighbour = findNeighbour(build) ?? (twin === null ? null : findNeighbour(twin));
    const codegen = executedSteps(build).filter(({ role }) => role === 'codegen');
    return conclude([
      ...compareHelpers(helpers, neighbour, build),
      ...codegen.flatMap((step) => compareCodegen(step, neighbour ?? first, crateOf(step, build), build)),
    ]);
  },
};
export default property;

/** A command that compiled a C file of the same folder, or with the option off the same file: kbuild gives both the same flags. */
function findNeighbour(build: Build): Step | null {
  const isCompilation = ({ tool, argv, inputs }: Step) => tool === 'clang' && argv.includes('-c') && !argv.includes('-emit-llvm') && inputs.some((input) => input.endsWith('.c'));
  return executedSteps(build).find((step) => isCompilation(step) && /^(?:\.\/)?rust\/(?:helpers\/)?\w+\.o$/.test(step.target)) ?? null;
}

function crateOf({ target }: Step, build: Build): Step | null {
  return executedSteps(build).find((step) => step.role === 'crate' && isSamePath(step.target, target)) ?? null;
}

/** What the helpers, for modules and for what is built in, and C code beside them are told alike. */
function compareHelpers(helpers: readonly Step[], neighbour: Step | null, build: Build): Failure[] {
  const [first] = helpers;
  const others = [...helpers.slice(1), ...(neighbour === null ? [] : [neighbour])];
  return others.flatMap((other) => {
    const [own, theirs] = [first as Step, other].map(({ argv }) => listFlags(argv).filter((flag) => !ofOthers.test(flag) && !ofTarget.test(flag)));
    const more = minus(own ?? [], theirs ?? []).filter((flag) => !flag.startsWith('-include '));
    const steps = { step: first as Step, other, build };
    return [...tell('helpers', 'lack', minus(theirs ?? [], own ?? []), steps), ...tell('helpers', 'have', more, steps)];
  });
}

/** What decides on machine code is for the last compiler to know: of what C is told, and of what rustc was told for LLVM, or does unasked. */
function compareCodegen(step: Step, compiled: Step, crate: Step | null, build: Build): Failure[] {
  const own = listFlags(step.argv).filter((flag) => isForMachine(flag));
  const ofC = listFlags(compiled.argv).filter((flag) => isForMachine(flag) && !ofUnit.test(flag));
  const ofRust = crate === null ? [] : listOfRust(crate.argv).filter((flag) => !ofIr.test(flag));
  const [asRust, asC] = [minus(ofRust, own), minus(ofC, [...own, ...ofRust])];
  const isWarning = (flag: string) => flag.startsWith('-W');
  return [
    ...tell('codegen', 'lack', asRust, { step, other: crate ?? compiled, build }),
    ...tell('codegen', 'lack', asC.filter((flag) => !isWarning(flag)), { step, other: compiled, build }),
    ...tell('codegen', 'lack', asC.filter(isWarning), { step, other: compiled, build }),
    ...tell('codegen', 'lack', minus(ofTraps, own), { step, other: crate ?? compiled, build }),
    ...tell('codegen', 'have', [...minus(own, [...ofC, ...ofRust, ...ofTraps]), ...listFlags(step.argv).filter((flag) => ofSources.test(flag))], { step, other: compiled, build }),
  ];
}

const words = { helpers: 'the helpers are compiled', codegen: 'machine code is generated' };

/** A command, the one that it is held against, and the build of the first. */
type Steps = { step: Step; other: Step; build: Build };

/** One failure for all flags of a kind: one line of a Makefile gives or forgets them together. */
function tell(what: keyof typeof words, how: 'lack' | 'have', flags: readonly string[], { step, other, build }: Steps): Failure[] {
  if (flags.length === 0) return [];
  const distinct = [...new Set(flags)];
  return [
    {
      summary: `${step.target}: ${words[what]} ${how === 'lack' ? 'without' : 'with'} ${distinct.join(' ')}, and ${other.target}${other.role === 'crate' ? ' (by rustc)' : ''} ${how === 'lack' ? 'with' : 'without'}`,
      key: [what, how, ...[...new Set(distinct.map((flag) => flag.replace(/=.*/s, '')))].sort()],
      evidence: [commandEvidence(step), commandEvidence(other)],
      symptoms: symptomsOf(how, distinct, { step, other, build }),
    },
  ];
}

/** All of the flags differ. What rustc is told it spells in its own way, unless it does so untold; what is a twin's stands there. */
function symptomsOf(how: 'lack' | 'have', flags: readonly string[], { step, other, build }: Steps): Sign[][] {
  const isUntold = (flag: string) => other.tool === 'rustc' && ofTraps.includes(flag);
  const spelled = flags.map((flag) => (isUntold(flag) ? flag : spell(flag, other)));
  if (![...flags, ...spelled].every((flag) => flag !== null && arePlain(flag))) return [];
  const [own, theirs] = how === 'lack' ? [lacks, shows] : [shows, lacks];
  const of = executedSteps(build).includes(other) ? 'this' : 'twin';
  return [flags.flatMap((flag, at) => [
    own({ kind: 'words', target: tidyPath(step.target), tool: step.tool, words: flag }),
    ...(isUntold(flag) ? [] : [{ ...theirs({ kind: 'words', target: tidyPath(other.target), tool: other.tool, words: spelled[at] ?? '' }), build: of } as const]),
  ])];
}

/** As the command line has it; null where it is not there as one. */
function spell(flag: string, { tool, argv }: Step): string | null {
  if (tool !== 'rustc') return flag;
  const option = `-Cllvm-args=${flag.replace(/^-mllvm /, '')}`;
  return flag.startsWith('-mllvm ') && argv.includes(option) ? option : null;
}

const names = '-D(?:__)?KBUILD_|-DMODULE\\b|-g|-f(?:no-)?lto|-fsplit-lto-unit|-fwhole-program-vtables|-fvisibility=|-W(?:no-)?missing-(?:prototypes|declarations)$|-Wno-override-module$';

/** What differs with the file, and what other claims are about: names of the unit, debug information, LTO, sanitizers; helpers have no prototypes. */
const ofUnit = new RegExp(`^(?:${names}|-f(?:no-)?sanitize)`);

/** The same, but for sanitizers of which C alone knows: they leave no attribute in bitcode by which another claim could tell. */
const ofOthers = new RegExp(`^(?:${names}|-f(?:no-)?sanitize(?:-memory|-cfi|=(?:kernel-address|kernel-hwaddress|thread|kernel-memory|kcfi|shadow-call-stack)))`);

/** What bitcode says itself, and other claims read there: what functions are compiled for. A header more shapes the source as an include in it would. */
const ofTarget = /^-m(?!llvm)/;

/**
 * What is done to a program before machine code is made of it: helpers and crates have it behind them, or say themselves that it is to
 * be done. Propeller's map of basic blocks is for C alone: rustc is not told of it, so no Rust object has one with the option off.
 */
const ofIr =
  /^(?:-std=|-include |-I|-isystem|-nostdinc|-D|-U|-Wp,|-m(?:little|big)-endian$|-f(?:macro|file|debug)-prefix-map=|-f(?:no-)?sanitize|-fno-optimize-sibling-calls$|-fdebug-info-for-profiling$|-fprofile-|-fbasic-block-address-map$|-ftest-coverage|-fcoverage-|-fplugin|-mllvm -(?:asan|hwasan|msan|kcsan|tsan|sanitizer|stack-tagging)-)/;

/** What clang puts into code once, where it compiles a source: at machine code it would go into Rust's own too, and into helpers twice. */
const ofSources = /^-f(?:sanitize=(?:kernel-|thread)|sanitize-coverage=trace|profile-(?:arcs|generate|instr-generate)|test-coverage)/;

/** rustc traps where its code cannot be reached; clang is to be told (CC_FLAGS_RUST_INLINE_HELPERS). */
const ofTraps = ['-mllvm -trap-unreachable', '-mllvm -no-trap-after-noreturn'];

function isForMachine(flag: string): boolean {
  return !ofIr.test(flag) && !ofUnit.test(flag);
}

/** Flags that decide what becomes of code, each once and in order; an option of LLVM with its `-mllvm`, of clang's inner self with `-Xclang`. */
function listFlags(argv: readonly string[]): string[] {
  const flags = argv.flatMap((word, index) => {
    if (paired.has(word)) return [`${word} ${argv[index + 1] ?? ''}`];
    if (paired.has(argv[index - 1] ?? '')) return [];
    return /^-(?:m|f|O|D|U|I|isystem|nostdinc|std=|Wp,-D|W(?!p,)|w$|pg$|Qunused)/.test(word) ? [word] : [];
  });
  return [...new Set(flags)];
}

const paired = new Set(['-mllvm', '-include', '-Xclang']);

/** The same of rustc, as clang would be told. */
function listOfRust(argv: readonly string[]): string[] {
  const joined = argv.map((word, index) => (argv[index - 1] === '-C' || argv[index - 1] === '-Z' ? `${argv[index - 1]}${word}` : word));
  return joined.flatMap((word) => {
    const options = /^-Cllvm-args=(.*)$/s.exec(word)?.[1];
    if (options !== undefined) return options.split(' ').map((option) => `-mllvm ${option}`);
    return /^-Zfunction-sections(?:=y\w*)?$/.test(word) ? ['-ffunction-sections'] : [];
  });
}

function minus(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((flag) => !others.includes(flag));
}
