import type { Part } from '../records.ts';
import { archFolder, isOn, partOf, type Setting } from './setting.ts';

/**
 * A source file that becomes one object. `path` has no ending. `module` names the module or built-in part it belongs
 * to, as `KBUILD_MODNAME` does; `isSingle`: it alone is that module.
 */
export type Unit = { path: string; language: 'c' | 'asm' | 'rust'; part: Part; module: string; isSingle: boolean };

/** A loadable module and the objects it is linked from. */
export type ModulePlan = { path: string; objects: Unit[] };

const samples: readonly (readonly [symbol: string, name: string])[] = [
  ['SAMPLE_RUST_MINIMAL', 'rust_minimal'],
  ['SAMPLE_RUST_MISC_DEVICE', 'rust_misc_device'],
  ['SAMPLE_RUST_DEBUGFS', 'rust_debugfs'],
  ['SAMPLE_RUST_CONFIGFS', 'rust_configfs'],
  ['SAMPLE_RUST_DRIVER_FAUX', 'rust_driver_faux'],
  ['SAMPLE_RUST_DRIVER_PLATFORM', 'rust_driver_platform'],
];

/** C and assembly that is always built in. */
export function coreUnits(setting: Setting): Unit[] {
  const files = ['init/main', 'kernel/printk', 'kernel/sched', 'kernel/locking', 'kernel/module', 'lib/string', 'lib/refcount', 'mm/slab', 'drivers/base/core'];
  const isInstrumented = ['KASAN', 'KCSAN', 'KMSAN', 'UBSAN'].some((symbol) => isOn(setting, symbol));
  return [
    builtin(`arch/${archFolder(setting)}/kernel/head`, 'asm'),
    ...files.map((path) => builtin(path, 'c')),
    ...(isInstrumented ? [builtin('kernel/sanitizers', 'c')] : []),
  ];
}

/** Crates that nothing turns off while RUST is on, in the order in which they need each other. */
export const libraryCrates = ['core', 'compiler_builtins', 'build_error', 'bindings', 'kernel'] as const;
export type LibraryCrate = (typeof libraryCrates)[number];

/** Objects of samples and drivers. A module of several objects is as large as the real one, a lone object too. */
export function leafUnits(setting: Setting): Unit[] {
  const units: Unit[] = [];
  const add = (symbol: string, path: string, language: Unit['language'], module: string, isSingle: boolean) => {
    const part = partOf(setting, symbol);
    if (part !== null) units.push({ path, language, part, module, isSingle: isSingle && part === 'module' });
  };
  for (const [symbol, name] of samples) add(symbol, `samples/rust/${name}`, 'rust', name, true);
  add('SAMPLE_RUST_PRINT', 'samples/rust/rust_print_main', 'rust', 'rust_print', false);
  add('SAMPLE_RUST_PRINT', 'samples/rust/rust_print_events', 'c', 'rust_print', false);
  add('BLK_DEV_RUST_NULL', 'drivers/block/rnull/rnull', 'rust', 'rnull_mod', false);
  return units;
}

/** Modules, each with its objects. */
export function modulesOf(units: readonly Unit[]): ModulePlan[] {
  const loadable = units.filter(({ part }) => part === 'module');
  const groups = Map.groupBy(loadable, ({ path, module }) => `${path.slice(0, path.lastIndexOf('/'))}/${module}`);
  return [...groups].map(([path, objects]) => ({ path, objects }));
}

function builtin(path: string, language: Unit['language']): Unit {
  return { path, language, part: 'builtin', module: path.slice(path.lastIndexOf('/') + 1), isSingle: false };
}
