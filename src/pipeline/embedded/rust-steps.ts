import type { PlannedStep } from '../records.ts';
import { clangFlags, kbuildFlags, ltoFlags } from './c-flags.ts';
import { finishObject } from './object-steps.ts';
import { rustEnvironment, rustFlags } from './rust-flags.ts';
import { isOn, type Setting } from './setting.ts';
import type { LibraryCrate, Unit } from './units.ts';

const sources: Record<LibraryCrate, string> = {
  core: 'rust/core/lib.rs',
  compiler_builtins: 'rust/compiler_builtins.rs',
  build_error: 'rust/build_error.rs',
  bindings: 'rust/bindings/lib.rs',
  kernel: 'rust/kernel/lib.rs',
};

const needs: Partial<Record<LibraryCrate, string[]>> = { kernel: ['build_error', 'bindings'] };

/** Compiles a crate below `rust/`. Of these, helpers are linked into `kernel` alone, as in the kernel. */
export function compileLibrary(setting: Setting, crate: LibraryCrate): PlannedStep[] {
  const target = `rust/${crate}.o`;
  const isLinked = crate === 'kernel' && isOn(setting, 'RUST_INLINE_HELPERS');
  const input = `${setting.source}/${sources[crate]}`;
  const metadata = `rust/lib${crate}.rmeta`;
  const argv = [
    'rustc', ...rustFlags(setting),
    ...(needs[crate] ?? []).flatMap((needed) => ['--extern', needed]),
    emit(target, isLinked), `--emit=metadata=${metadata}`, '--crate-type', 'rlib', '-L./rust', '--crate-name', crate, input,
  ];
  const step: PlannedStep = { target, role: 'crate', tool: 'rustc', argv, inputs: [input], outputs: [written(target, isLinked), metadata], env: { ...rustEnvironment } };
  const end = { target, part: 'builtin', isSingle: false, isWhole: false } as const;
  return [step, ...(isLinked ? linkHelpers(setting, target, 'builtin') : []), ...finishObject(setting, end)];
}

/** Compiles a crate outside `rust/`: cmd_rustc_o_rs of scripts/Makefile.build. */
export function compileCrate(setting: Setting, unit: Unit): PlannedStep[] {
  const target = `${unit.path}.o`;
  const folder = unit.path.slice(0, unit.path.lastIndexOf('/'));
  const isLinked = isOn(setting, 'RUST_INLINE_HELPERS');
  const input = `${setting.source}/${unit.path}.rs`;
  const argv = [
    'rustc', ...rustFlags(setting),
    ...(unit.part === 'module' ? ['--cfg', 'MODULE'] : []),
    '-Zcrate-attr=no_std', '--extern', 'kernel', '--crate-type', 'rlib', '-L', './rust/', '--out-dir', `${folder}/`,
    emit(target, isLinked), input,
  ];
  const env = { ...rustEnvironment, RUST_MODFILE: `${folder}/${unit.module}` };
  const step: PlannedStep = { target, role: 'crate', tool: 'rustc', argv, inputs: [input], outputs: [written(target, isLinked)], env };
  const end = { target, part: unit.part, isSingle: unit.isSingle, isWhole: false };
  return [step, ...(isLinked ? linkHelpers(setting, target, unit.part) : []), ...finishObject(setting, end)];
}

/** Bitcode of the crate and of the helpers become one, and that an object. */
function linkHelpers(setting: Setting, target: string, part: Unit['part']): PlannedStep[] {
  const crate = written(target, true);
  const helpers = `rust/helpers/helpers${part === 'module' ? '_module' : ''}.bc`;
  const linked = target.replace(/\.o$/, '.m.bc');
  const unwanted = new Set(ltoFlags(setting));
  const link = ['llvm-link', '--internalize', '--suppress-warnings', crate, helpers, '-o', linked];
  const generate = [
    'clang', ...clangFlags(setting), ...kbuildFlags(setting).filter((word) => !unwanted.has(word)),
    // rustc traps where its code cannot be reached; without these clang would run on into the next function.
    '-mllvm', '-trap-unreachable', '-mllvm', '-no-trap-after-noreturn',
    '-Wno-override-module', '-c', linked, '-o', target,
  ];
  return [
    { target, role: 'link', tool: 'llvm-link', argv: link, inputs: [crate, helpers], outputs: [linked] },
    { target, role: 'codegen', tool: 'clang', argv: generate, inputs: [linked], outputs: [target] },
  ];
}

function emit(target: string, isLinked: boolean): string {
  return `--emit=${isLinked ? 'llvm-bc' : 'obj'}=${written(target, isLinked)}`;
}

function written(target: string, isLinked: boolean): string {
  return isLinked ? target.replace(/\.o$/, '.bc') : target;
}
