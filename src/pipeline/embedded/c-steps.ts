import type { PlannedStep } from '../records.ts';
import { clangFlags, ltoFlags, sourceFlags } from './c-flags.ts';
import { finishObject } from './object-steps.ts';
import { instrumentC } from './sanitizer-flags.ts';
import { archFolder, isOn, type Setting } from './setting.ts';
import type { ModulePlan, Unit } from './units.ts';

/** Compiles a C or assembly file; under LTO a C object is bitcode. */
export function compileUnit(setting: Setting, unit: Unit): PlannedStep[] {
  const target = `${unit.path}.o`;
  const input = `${setting.source}/${unit.path}.${unit.language === 'asm' ? 'S' : 'c'}`;
  const flags = unit.language === 'asm' ? assemblyFlags(setting) : compilerFlags(setting, unit);
  const step = compile(target, input, [...flags, '-c', '-o', target, input]);
  // The stubs in head.S and kernel/sanitizers.c keep none of the rules that objtool checks.
  const isStandard = unit.language !== 'asm' && unit.path !== 'kernel/sanitizers';
  return [step, ...(isStandard ? finishObject(setting, { target, part: unit.part, isSingle: unit.isSingle, isWhole: false }) : [])];
}

/** The helpers as bitcode, one for what is built in and one for modules; debug information stays out of both. */
export function compileHelperBitcode(setting: Setting): PlannedStep[] {
  const input = `${setting.source}/rust/helpers/helpers.c`;
  return (['builtin', 'module'] as const).map((part) => {
    const name = part === 'module' ? 'helpers_module' : 'helpers';
    const target = `rust/helpers/${name}.bc`;
    const argv = [...sourceFlags(setting, { part, name, module: name }), ...instrumentC(setting), ...quiet, '-c', '-g0', input, '-emit-llvm', '-o', target];
    return { ...compile(target, input, argv), role: 'helpers' };
  });
}

/** The helpers as an object like any other, for a kernel that calls them. */
export function compileHelperObject(setting: Setting): PlannedStep[] {
  const input = `${setting.source}/rust/helpers/helpers.c`;
  const target = 'rust/helpers/helpers.o';
  const argv = [...sourceFlags(setting, { part: 'builtin', name: 'helpers', module: 'helpers' }), ...instrumentC(setting), ...quiet, '-c', '-o', target, input];
  return [compile(target, input, argv), ...finishObject(setting, { target, part: 'builtin', isSingle: false, isWhole: false })];
}

/** The record of a module; never bitcode, and not called through a pointer. */
export function compileModuleRecord(setting: Setting, { path }: ModulePlan): PlannedStep {
  const input = `${setting.source}/scripts/module-common.c`;
  const target = `${path}.mod.o`;
  const module = path.slice(path.lastIndexOf('/') + 1);
  const unwanted = new Set(['-fsanitize=kcfi', '-fsanitize-cfi-icall-experimental-normalize-integers']);
  const flags = withoutLto(setting, sourceFlags(setting, { part: 'module', name: `${module}.mod`, module })).filter((word) => !unwanted.has(word));
  return compile(target, input, [...flags, '-c', '-o', target, input]);
}

const quiet = ['-Wno-missing-prototypes', '-Wno-missing-declarations'];

function compilerFlags(setting: Setting, unit: Unit): string[] {
  const name = unit.path.slice(unit.path.lastIndexOf('/') + 1);
  const flags = sourceFlags(setting, { part: unit.part, name, module: unit.module });
  if (unit.path !== 'kernel/sanitizers') return [...flags, ...instrumentC(setting)];
  // Never bitcode: instrumentation calls these without a debug location, which LTO does not take of what it could inline.
  return [...withoutLto(setting, flags), '-fno-builtin'];
}

function withoutLto(setting: Setting, flags: readonly string[]): string[] {
  const unwanted = new Set(ltoFlags(setting));
  return flags.filter((word) => !unwanted.has(word));
}

function assemblyFlags(setting: Setting): string[] {
  const { source } = setting;
  const include = [`-I${source}/arch/${archFolder(setting)}/include`, `-I${source}/include`, '-I./include'];
  const debug = isOn(setting, 'DEBUG_INFO') ? ['-g'] : [];
  return ['-D__ASSEMBLY__', '-D__KERNEL__', ...include, '-include', `${source}/include/linux/kconfig.h`, ...clangFlags(setting), ...debug];
}

function compile(target: string, input: string, argv: string[]): PlannedStep {
  return { target, role: 'other', tool: 'clang', argv: ['clang', ...argv], inputs: [input], outputs: [target] };
}
