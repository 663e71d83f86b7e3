import type { PlannedStep } from '../records.ts';
import { compileHelperBitcode, compileHelperObject, compileUnit } from './c-steps.ts';
import { linkKernel, linkModule, listExports } from './link-steps.ts';
import { compileCrate, compileLibrary } from './rust-steps.ts';
import { isOn, type Setting } from './setting.ts';
import { coreUnits, leafUnits, libraryCrates, modulesOf, type Unit } from './units.ts';

/**
 * Every command that a configuration of the embedded tree asks for, in an order in which one after another can run.
 * Nothing but the setting decides: the same setting gives the same plan.
 */
export function planBuild(setting: Setting): PlannedStep[] {
  const isRust = isOn(setting, 'RUST');
  const units = [...coreUnits(setting), ...leafUnits(setting)].filter(({ language }) => isRust || language !== 'rust');
  const builtin = units.filter(({ part }) => part === 'builtin');
  const objects = [...builtin.map(({ path }) => `${path}.o`), ...(isRust ? libraryObjects(setting) : [])];
  return [
    ...(isRust ? planLibrary(setting) : []),
    ...units.flatMap((unit) => planUnit(setting, unit)),
    ...linkKernel(setting, objects),
    ...modulesOf(units).flatMap((module) => linkModule(setting, module)),
  ];
}

/** Parts of vmlinux that come from `rust/`. */
function libraryObjects(setting: Setting): string[] {
  const crates = libraryCrates.filter((crate) => crate !== 'build_error' || isOn(setting, 'RUST_BUILD_ASSERT_ALLOW'));
  const helpers = isOn(setting, 'RUST_INLINE_HELPERS') ? [] : ['rust/helpers/helpers.o'];
  return [...crates.map((crate) => `rust/${crate}.o`), ...helpers, 'rust/exports.o'];
}

/** `rust/`: helpers, crates, and tables of what they export. Helpers are exported only while they are called. */
function planLibrary(setting: Setting): PlannedStep[] {
  const isInlining = isOn(setting, 'RUST_INLINE_HELPERS');
  const exported = (['core', 'bindings', 'kernel'] as const).map((crate) => listExports(`rust/${crate}.o`, `rust/exports_${crate}_generated.h`));
  return [
    ...(isInlining ? compileHelperBitcode(setting) : compileHelperObject(setting)),
    ...libraryCrates.flatMap((crate) => compileLibrary(setting, crate)),
    ...exported,
    ...(isInlining ? [] : [listExports('rust/helpers/helpers.o', 'rust/exports_helpers_generated.h')]),
    ...compileUnit(setting, { path: 'rust/exports', language: 'c', part: 'builtin', module: 'exports', isSingle: false }),
  ];
}

function planUnit(setting: Setting, unit: Unit): PlannedStep[] {
  return unit.language === 'rust' ? compileCrate(setting, unit) : compileUnit(setting, unit);
}
