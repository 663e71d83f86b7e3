import type { Control } from './control.ts';
import type { Difference } from './differences.ts';

/** A declared reason why builds with the option on and off differ, and why that does no harm. */
export type Reason = { name: string; why: string; explains: (difference: Difference, control: Control) => boolean };

/**
 * What may differ. Each was seen on objects of Linux 7.3 and looked into; what nothing here explains is reported. Add a
 * reason by hand and with a fact, never to make a report go away.
 */
export const reasons: readonly Reason[] = [
  {
    name: 'helpers',
    why: 'a helper is called by its name with the option off, and local to the object with it on; that it is local is the claim helpers-internal',
    explains: ({ kind, name, as }, control) => (isReference(kind) && isHelperName(name) && !isState(name, as, control)) || (kind === 'undefined' && control.helpers.has(name)),
  },
  {
    name: 'pipeline',
    why: 'llvm-link and clang are what the option is; all else that is run for an object (ld, objtool, objcopy) is run for it either way',
    explains: ({ kind, side, name }) => kind === 'tool' && side === 'on' && (name === 'llvm-link' || name === 'clang'),
  },
  {
    name: 'ld-of-single',
    why: 'under LTO whatever clang makes, and is a module by itself, goes through ld -r (cmd_ld_single), which leaves an object of machine code as it is',
    explains: ({ kind, side, name }, { config }) => kind === 'tool' && side === 'on' && config['LTO_CLANG'] === 'y' && (name === 'ld.lld' || name === 'mv'),
  },
  {
    name: 'bitcode-of-crates',
    why: 'rustc is asked for bitcode instead of an object, at another path; what else it is told decides on code either way',
    explains: ({ kind, side, name }) => kind === 'option' && name === `rustc --emit=${side === 'on' ? 'llvm-bc' : 'obj'}`,
  },
  {
    name: 'callees',
    why: "what an inlined helper calls or reads becomes the object's own reference; the helpers' bitcode or C code of the same configuration has it too",
    explains: ({ kind, side, name }, { referred }) => kind === 'undefined' && side === 'on' && referred.has(name),
  },
  {
    name: 'bcmp',
    why: 'where memcmp is asked for equality alone, clang calls bcmp for an object of Linux, C or not, and rustc does not for its bare target; lib/string.c defines and exports it',
    explains: ({ kind, name }) => kind === 'undefined' && (name === 'bcmp' || name === 'memcmp'),
  },
  {
    name: 'thunks',
    why: 'through which register an indirect call goes is for the compiler to choose; vmlinux has a thunk for each, and exports them all',
    explains: ({ kind, name }) => kind === 'undefined' && /^__x86_indirect_(?:call_|jump_)?thunk_r\w+$/.test(name),
  },
  {
    name: 'calls-gone',
    why: 'once helpers are inlined, a call of other Rust code (a panic, for the most part) can turn out to be out of reach',
    explains: ({ kind, side, name }) => kind === 'undefined' && side === 'off' && name.startsWith('_R'),
  },
  {
    name: 'types-of-callees',
    why: 'under KCFI clang states the type of each function whose address is taken, for assembly to use: a weak constant, the same wherever C code states it',
    explains: ({ kind, side, name, as }, { referred }) =>
      kind === 'symbol' && side === 'on' && as === 'weak default None in ABS' && name.startsWith(typePrefix) && referred.has(name.slice(typePrefix.length)),
  },
  {
    name: 'locals-of-helpers',
    why: "an inlined helper's constants, variables and cold parts stay local, in sections that only code refers to; not what a helper keeps in mind itself, of which each crate then has a copy of its own",
    explains: ({ kind, side, name, as }, control) =>
      kind === 'local' && side === 'on' && (isPlain(as) || isCodeTable(as)) && (control.helpers.has(name) || isUnnamed(name)) && !isState(name, as, control),
  },
  {
    name: 'names-of-constants',
    why: "rustc drops the names of constants when it writes an object and keeps them when it writes bitcode, so the crate's own constants show as local symbols",
    explains: ({ kind, side, path, name }, { crates }) => kind === 'local' && side === 'on' && (crates.get(path)?.has(name) ?? false),
  },
  {
    name: 'inlined-otherwise',
    why: 'what is local can be inlined, merged or left out, and clang, which sees the helpers, decides otherwise than rustc; nobody outside the object can tell',
    explains: ({ kind, side, as }) => kind === 'local' && side === 'off' && isPlain(as),
  },
  {
    name: 'file-name',
    why: 'the symbol that names the source file says llvm-link; such names repeat for C files too, and under LTO all are ld-temp.o, so nothing can go by them',
    explains: ({ kind, as }) => kind === 'local' && as === 'file',
  },
  {
    name: 'plain-sections',
    why: 'a section for code, constants, data, or for the places of variables and inlined functions is there if there is something to put into it',
    explains: ({ kind, name, as }, control) => kind === 'section' && isPlain(name) && agrees(name, as, control),
  },
  {
    name: 'tables-of-code',
    why: 'inlined code brings the entries that go with its instructions (alternatives, traps, patchable branches, counters of branches, …), in the tables that code of C has them in; .discard.* goes at the link',
    explains: ({ kind, name, as }, control) => kind === 'section' && isCodeTable(name) && agrees(name, as, control),
  },
  {
    name: 'constructors-of-sanitizers',
    why: 'KCSAN has C code call __tsan_init, which is empty and exported, and KASAN has it register its variables, at each start; helpers are C code, and a crate with two lists registers both',
    explains: ({ kind, side, name, as }, control) =>
      side === 'on' && hasConstructors(control) && (isConstructor(name) || (kind === 'local' && isConstructor(as))) && (kind !== 'section' || agrees(name, as, control)),
  },
  {
    name: 'labels-of-padding',
    why: 'objtool puts a label (__pfx_) on whatever padding it sees before a function or its type, be it that of alignment; that the room which was asked for is there is the claim hardening-survives',
    explains: ({ kind, name }) => kind === 'symbol' && name.startsWith('__pfx_'),
  },
  {
    name: 'checks-of-hwasan',
    why: 'the checks of KASAN_SW_TAGS are one weak, hidden function for each register and kind of access, and which registers hold addresses is for the compiler to choose',
    explains: ({ kind, name, as }, { config }) => kind === 'symbol' && config['KASAN_SW_TAGS'] === 'y' && /^__hwasan_check_x\d+_\d+(?:_\w+)?$/.test(name) && as.startsWith('weak hidden Function '),
  },
  {
    name: 'address-significance',
    why: 'clang lists in .llvm_addrsig which symbols may not be merged, as it does for C; the linker drops the list, and the kernel never asks for merging',
    explains: ({ kind, side, name, as }) => kind === 'section' && side === 'on' && name === '.llvm_addrsig' && as === 'SHT_LLVM_ADDRSIG SHF_EXCLUDE',
  },
  {
    name: 'address-ranges',
    why: 'rustc writes .debug_aranges, an index that debuggers make anew where it is missing; clang does not unless told to, so no object of C has one either',
    explains: ({ kind, side, name }, { traits }) => (kind === 'section' || kind === 'relocation') && side === 'off' && name === '.debug_aranges' && !traits.some((trait) => trait.name === name),
  },
  {
    name: 'split-debug-info',
    why: "with DEBUG_INFO_SPLIT clang is told -gsplit-dwarf and rustc is not, so a crate's debug information goes to X.dwo, beside those of C objects; what stays names that file",
    explains: ({ kind, side, path, name, as }, { config }) =>
      kind === 'unit' && config['DEBUG_INFO_SPLIT'] === 'y' && (side === 'on' ? name === path.replace(/\.o$/, '.dwo') : as === 'DW_LANG_Rust'),
  },
  {
    name: 'build-attributes',
    why: 'under LTO an object of clang passes ld -r (cmd_ld_single), which takes .ARM.attributes in and leaves .note.gnu.property to say the same; notes are compared themselves',
    explains: ({ kind, side, name }, { config }) => kind === 'section' && side === 'off' && name === '.ARM.attributes' && config['LTO_CLANG'] === 'y',
  },
  {
    name: 'modinfo-as-text',
    why: 'the strings of .modinfo are compared one by one; which symbol and which section hold them adds nothing',
    explains: ({ kind, name, as }) => (kind === 'section' && name === '.modinfo') || (kind === 'local' && as === '.modinfo'),
  },
  {
    name: 'modinfo-of-helpers',
    why: 'what the helpers have for .modinfo reaches every crate, which must not be; to report it is up to the claim no-helper-identity',
    explains: ({ kind, side, as }, { modinfo }) => kind === 'modinfo' && side === 'on' && modinfo.has(as),
  },
  {
    name: 'relocations-that-modules-may-have',
    why: 'other instructions need other relocations; this kind is one that the module loader applies (arch/*/kernel/module.c), so any object may have it',
    explains: ({ kind, as }) => kind === 'relocation' && loadable.test(as),
  },
  {
    name: 'relocations-of-C',
    why: 'C code of the same configuration has relocations of this kind in a section of this name, so whatever reads them knows them',
    explains: ({ kind, name, as }, { traits }) => kind === 'relocation' && traits.some((trait) => trait.kind === 'relocation' && trait.name === name && trait.as === as),
  },
];

function isReference(kind: Difference['kind']): boolean {
  return kind === 'undefined' || kind === 'local' || kind === 'symbol';
}

const typePrefix = '__kcfi_typeid_';

function isHelperName(name: string): boolean {
  return name.replace(typePrefix, '').startsWith('rust_helper_');
}

/** LLVM's own name for what has none; the second is ThinLTO's. */
function isUnnamed(name: string): boolean {
  return name === '__unnamed' || /^__unnamed_\d+$|^anon\.[0-9a-f]{32}(?:\.\d+)?$/.test(name);
}

/**
 * A variable that helpers write: of a function's body or of the file. What macros leave there (lock classes, marks of
 * "once") begins with an underscore; what a header leaves in other C code too is the header's doing.
 */
function isState(name: string, section: string, { locals }: Control): boolean {
  return (section === '.bss' || section === '.data') && /^(?:\w+\.)?[A-Za-z]\w*$/.test(name) && !isUnnamed(name) && !locals.has(name);
}

function isPlain(section: string): boolean {
  return /^\.(?:text|rodata|data|bss)$|^\.rodata\.(?:str|cst)|^\.text\.unlikely\.?$|^\.debug_(?:loc|loclists|ranges|rnglists)$/.test(section);
}

/** From `apply_relocate_add` of x86 and arm64. */
const loadable = new RegExp(
  `^R_(?:X86_64_(?:NONE|64|32|32S|PC32|PLT32|PC64)|AARCH64_(?:NONE|ABS(?:64|32|16)|PREL(?:64|32|16)|MOVW_\\w+|LD_PREL_LO19|ADR_PREL_(?:LO21|PG_HI21(?:_NC)?)|ADD_ABS_LO12_NC|LDST(?:8|16|32|64|128)_ABS_LO12_NC|TSTBR14|CONDBR19|JUMP26|CALL26))$`,
);

const codeTables = new Set([
  '.altinstructions', '.altinstr_replacement', '.altinstr_aux', '.smp_locks', '__bug_table', '__ex_table', '__jump_table', '.static_call_sites',
  '__mcount_loc', '__patchable_function_entries', '.kcfi_traps', '.cfi_sites', '.call_sites', '.return_sites', '.retpoline_sites',
  '.orc_header', '.orc_unwind', '.orc_unwind_ip', '_ftrace_branch', '_ftrace_annotated_branch',
]);

function isCodeTable(section: string): boolean {
  return codeTables.has(section) || section.startsWith('.discard.');
}

/** Where C objects have a section of this name, one of them has it of this type and with these flags. */
function agrees(name: string, as: string, { traits }: Control): boolean {
  const known = traits.filter((trait) => trait.kind === 'section' && trait.name === name);
  return known.length === 0 || known.some((trait) => trait.as === as);
}

function hasConstructors({ config }: Control): boolean {
  return config['KCSAN'] === 'y' || config['KASAN_GENERIC'] === 'y' || config['KASAN_SW_TAGS'] === 'y';
}

/** Sanitizers give theirs a priority; those of a source have none. */
function isConstructor(name: string): boolean {
  return /^\.(?:init|fini)_array\.\d+$|^\.text\.[at]san\.module_[cd]tor$/.test(name);
}
