import { padding } from './c-flags.ts';
import { instrumentRust } from './sanitizer-flags.ts';
import { isOn, type Setting, when } from './setting.ts';

/** Environment of every rustc: the kernel too uses unstable features of a stable compiler. */
export const rustEnvironment = { RUSTC_BOOTSTRAP: '1' } as const;

/** The kernel's rust_flags: what holds for every crate, whatever it becomes a part of. */
export function rustFlags(setting: Setting): string[] {
  return [
    '--edition=2021',
    '-Zbinary_dep_depinfo=y',
    '-Astable_features', '-Dnon_ascii_idents', '-Dunsafe_op_in_unsafe_fn', '-Wmissing_docs', '-Wrust_2018_idioms', '-Wunreachable_pub',
    '-Cpanic=abort', '-Cembed-bitcode=n', '-Clto=n', '-Cforce-unwind-tables=n', '-Ccodegen-units=1',
    '-Csymbol-mangling-version=v0', '-Crelocation-model=static', '-Zfunction-sections=n',
    ...archFlags(setting),
    `-Copt-level=${isOn(setting, 'CC_OPTIMIZE_FOR_SIZE') ? 's' : '2'}`,
    `-Cdebug-assertions=${isOn(setting, 'RUST_DEBUG_ASSERTIONS') ? 'y' : 'n'}`,
    `-Coverflow-checks=${isOn(setting, 'RUST_OVERFLOW_CHECKS') ? 'y' : 'n'}`,
    // rustc before 1.98 does not tell LLVM's module of frame pointers, which code generation elsewhere would look for.
    ...when(setting, 'FRAME_POINTER', '-Cforce-frame-pointers=y', ...(rustVersion(setting) < 109800 ? ['-Zllvm_module_flag=frame-pointer:u32:2:max'] : [])),
    ...when(setting, 'SHADOW_CALL_STACK', '-Zsanitizer=shadow-call-stack'),
    ...when(setting, 'CFI', '-Zsanitizer=kcfi', '-Zsanitizer-cfi-normalize-integers', '-Zmerge-functions=disabled'),
    `--remap-path-prefix=${setting.source}/=`,
    '--remap-path-scope=macro',
    ...debugFlags(setting),
    ...instrumentRust(setting),
    '@./include/generated/rustc_cfg',
    '--sysroot=/dev/null',
    '-Zunstable-options',
  ];
}

/** Whether rustc gets a target of our own making, `scripts/target.json`, or one that it knows. */
export function hasOwnTarget({ arch }: Setting): boolean {
  return arch !== 'arm64';
}

function archFlags(setting: Setting): string[] {
  const x86 = ['--target=./scripts/target.json', '-Ctarget-feature=-sse,-sse2,-sse3,-ssse3,-sse4.1,-sse4.2,-avx,-avx2'];
  switch (setting.arch) {
    case 'x86_64':
      return [
        ...x86,
        ...when(setting, 'X86_KERNEL_IBT', '-Zcf-protection=branch', '-Cjump-tables=n'),
        '-Ctarget-cpu=x86-64', '-Ztune-cpu=generic', '-Cno-redzone=y', '-Ccode-model=kernel',
        ...when(setting, 'MITIGATION_RETHUNK', '-Zfunction-return=thunk-extern'),
        ...when(setting, 'CALL_PADDING', `-Zpatchable-function-entry=${padding(setting)},${padding(setting)}`),
      ];
    case 'arm64': {
      const protection = isOn(setting, 'ARM64_BTI_KERNEL') ? 'bti,pac-ret' : isOn(setting, 'ARM64_PTR_AUTH_KERNEL') ? 'pac-ret' : null;
      return [
        '--target=aarch64-unknown-none-softfloat',
        ...(protection === null ? [] : [`-Zbranch-protection=${protection}`]),
        ...when(setting, 'SHADOW_CALL_STACK', '-Zfixed-x18'),
      ];
    }
    case 'um':
      return x86;
  }
}

function debugFlags(setting: Setting): string[] {
  if (!isOn(setting, 'DEBUG_INFO')) return [];
  const version = isOn(setting, 'DEBUG_INFO_DWARF4') ? ['-Zdwarf-version=4'] : isOn(setting, 'DEBUG_INFO_DWARF5') ? ['-Zdwarf-version=5'] : [];
  return [...version, `-Cdebuginfo=${isOn(setting, 'DEBUG_INFO_REDUCED') ? 1 : 2}`];
}

function rustVersion({ config }: Setting): number {
  return Number(config['RUSTC_VERSION'] ?? 0);
}
