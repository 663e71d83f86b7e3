import type { Part } from '../records.ts';
import { archFolder, isOn, type Setting, when } from './setting.ts';

/** Says which machine to compile for; the names differ from rustc's on purpose, as the kernel's do. */
export function clangFlags({ arch }: Setting): string[] {
  return [
    `--target=${arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'}`,
    '-fintegrated-as',
    '-Werror=unknown-warning-option',
    '-Werror=ignored-optimization-argument',
    '-Werror=option-ignored',
    '-Werror=unused-command-line-argument',
  ];
}

/** What makes the compiler write bitcode: the flags that code generation from linked bitcode must be spared. */
export function ltoFlags(setting: Setting): string[] {
  if (!isOn(setting, 'LTO_CLANG')) return [];
  const form = isOn(setting, 'LTO_CLANG_FULL') ? ['-flto'] : ['-flto=thin', '-fsplit-lto-unit'];
  return [...form, '-fvisibility=hidden'];
}

/** The kernel's KBUILD_CFLAGS: what holds for all C code, and for the code generated from Rust's bitcode. */
export function kbuildFlags(setting: Setting): string[] {
  return [
    '-fshort-wchar', '-funsigned-char', '-fno-common', '-fno-PIE', '-fno-strict-aliasing', '-std=gnu11', '-ffreestanding',
    ...archFlags(setting),
    '-fno-delete-null-pointer-checks',
    isOn(setting, 'CC_OPTIMIZE_FOR_SIZE') ? '-Os' : '-O2',
    isOn(setting, 'STACKPROTECTOR_STRONG') ? '-fstack-protector-strong' : isOn(setting, 'STACKPROTECTOR') ? '-fstack-protector' : '-fno-stack-protector',
    ...framePointerFlags(setting),
    ...when(setting, 'INIT_STACK_ALL_PATTERN', '-ftrivial-auto-var-init=pattern'),
    ...when(setting, 'INIT_STACK_ALL_ZERO', '-ftrivial-auto-var-init=zero'),
    '-fno-stack-clash-protection',
    ...when(setting, 'ZERO_CALL_USED_REGS', '-fzero-call-used-regs=used-gpr'),
    ...traceFlags(setting),
    ...when(setting, 'SHADOW_CALL_STACK', '-fsanitize=shadow-call-stack'),
    ...(isOn(setting, 'LTO') ? ['-fno-lto', ...ltoFlags(setting)] : []),
    ...when(setting, 'CFI', '-fsanitize=kcfi'),
    ...when(setting, 'CFI_ICALL_NORMALIZE_INTEGERS', '-fsanitize-cfi-icall-experimental-normalize-integers'),
    ...(Number(setting.config['FUNCTION_ALIGNMENT'] ?? 0) > 0 ? [`-falign-functions=${setting.config['FUNCTION_ALIGNMENT']}`] : []),
    '-fstrict-flex-arrays=3', '-fno-strict-overflow', '-fno-stack-check', '-fno-builtin-wcslen',
    '-Wall', '-Wundef', '-Werror=implicit-function-declaration', '-Werror=return-type', '-Werror=strict-prototypes',
    '-Wno-address-of-packed-member', '-Wno-gnu', '-Wno-unused-function',
    ...when(setting, 'WERROR', '-Werror'),
    ...debugFlags(setting),
    // Shuffled the same way in every file, and in every build of the tree.
    ...when(setting, 'RANDSTRUCT', '-frandomize-layout-seed=kinfuzz'),
  ];
}

/** Macros, headers and the words of one C file: the kernel's c_flags without the instrumentation. */
export function sourceFlags(setting: Setting, unit: { part: Part; name: string; module: string }): string[] {
  const { source } = setting;
  return [
    '-nostdinc',
    `-I${source}/arch/${archFolder(setting)}/include`, `-I${source}/include`, '-I./include', '-Irust',
    '-include', `${source}/include/linux/kconfig.h`,
    '-include', `${source}/include/linux/compiler_types.h`,
    '-D__KERNEL__',
    `-fmacro-prefix-map=${source}/=`,
    ...clangFlags(setting),
    ...kbuildFlags(setting),
    ...(unit.part === 'module' ? ['-DMODULE'] : []),
    `-DKBUILD_BASENAME="${unit.name}"`,
    `-DKBUILD_MODNAME="${unit.module}"`,
    `-D__KBUILD_MODNAME=${unit.module}`,
  ];
}

function archFlags(setting: Setting): string[] {
  switch (setting.arch) {
    case 'x86_64':
      return [
        '-mno-sse', '-mno-mmx', '-mno-sse2', '-mno-3dnow', '-mno-avx', '-mno-sse4a',
        ...(isOn(setting, 'X86_KERNEL_IBT') ? ['-fcf-protection=branch', '-fno-jump-tables'] : ['-fcf-protection=none']),
        '-m64', '-mno-80387', '-mstack-alignment=8', '-mskip-rax-setup', '-march=x86-64', '-mtune=generic', '-mno-red-zone', '-mcmodel=kernel',
        ...stackGuard(setting),
        '-fno-asynchronous-unwind-tables',
        ...when(setting, 'MITIGATION_RETPOLINE', '-mretpoline-external-thunk', '-mindirect-branch-cs-prefix'),
        ...when(setting, 'MITIGATION_RETHUNK', '-mfunction-return=thunk-extern'),
        ...when(setting, 'MITIGATION_SLS', '-mharden-sls=all'),
        ...when(setting, 'CALL_PADDING', `-fpatchable-function-entry=${padding(setting)},${padding(setting)}`),
      ];
    case 'arm64':
      return [
        '-mlittle-endian', '-mgeneral-regs-only', '-fno-asynchronous-unwind-tables', '-fno-unwind-tables',
        `-mbranch-protection=${isOn(setting, 'ARM64_BTI_KERNEL') ? 'pac-ret+bti' : isOn(setting, 'ARM64_PTR_AUTH_KERNEL') ? 'pac-ret' : 'none'}`,
        ...when(setting, 'SHADOW_CALL_STACK', '-ffixed-x18'),
      ];
    case 'um':
      return ['-m64', '-mno-sse', '-mno-mmx', '-mno-sse2', '-fcf-protection=none', '-fno-asynchronous-unwind-tables'];
  }
}

/** Bytes of room before each function. */
export function padding({ config }: Setting): string {
  return config['FUNCTION_PADDING_BYTES'] ?? '0';
}

function stackGuard(setting: Setting): string[] {
  if (!isOn(setting, 'STACKPROTECTOR')) return [];
  if (!isOn(setting, 'SMP')) return ['-mstack-protector-guard=global'];
  return ['-mstack-protector-guard-reg=gs', '-mstack-protector-guard-symbol=__ref_stack_chk_guard'];
}

function framePointerFlags(setting: Setting): string[] {
  if (isOn(setting, 'FRAME_POINTER')) return ['-fno-omit-frame-pointer', '-fno-optimize-sibling-calls'];
  return isOn(setting, 'FUNCTION_TRACER') ? [] : ['-fomit-frame-pointer'];
}

function traceFlags(setting: Setting): string[] {
  if (!isOn(setting, 'FUNCTION_TRACER')) return [];
  if (isOn(setting, 'HAVE_FENTRY')) return ['-pg', '-mfentry', '-DCC_USING_FENTRY'];
  return [isOn(setting, 'DYNAMIC_FTRACE_WITH_CALL_OPS') ? '-fpatchable-function-entry=4,2' : '-fpatchable-function-entry=2'];
}

function debugFlags(setting: Setting): string[] {
  if (!isOn(setting, 'DEBUG_INFO')) return [];
  const version = isOn(setting, 'DEBUG_INFO_DWARF4') ? ['-gdwarf-4'] : isOn(setting, 'DEBUG_INFO_DWARF5') ? ['-gdwarf-5'] : [];
  const kind = isOn(setting, 'DEBUG_INFO_SPLIT') ? ['-gsplit-dwarf'] : [];
  return [isOn(setting, 'DEBUG_INFO_REDUCED') ? '-gmlt' : '-g', ...kind, ...version];
}
