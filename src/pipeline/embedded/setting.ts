import { type Config, valueOf } from '../../kconfig/config.ts';
import type { Arch } from '../../tree/records.ts';
import type { Part } from '../records.ts';

/** What a plan is made from: nothing else decides which commands are run. */
export type Setting = {
  arch: Arch;
  config: Config;
  /** The tree's path as the commands see it. */
  source: string;
  /** Whether the toolchain has an objtool; it is for x86_64 alone. */
  hasObjtool: boolean;
};

/** `y` or `m`. */
export function isOn({ config }: Setting, symbol: string): boolean {
  return ['y', 'm'].includes(valueOf(config, symbol));
}

/** The words, where the symbol is set; none otherwise. */
export function when(setting: Setting, symbol: string, ...words: string[]): string[] {
  return isOn(setting, symbol) ? words : [];
}

/** Which part a tristate symbol puts its objects in; null where it leaves them out. */
export function partOf({ config }: Setting, symbol: string): Part | null {
  const value = valueOf(config, symbol);
  return value === 'y' ? 'builtin' : value === 'm' ? 'module' : null;
}

export function isLto(setting: Setting): boolean {
  return isOn(setting, 'LTO_CLANG');
}

/** `x86`, `arm64`, `um`: the folder below `arch/`. */
export function archFolder({ arch }: Setting): string {
  return arch === 'x86_64' ? 'x86' : arch;
}

/** Where the kernel lets objtool wait for whole objects: vmlinux.o, and what a module consists of (scripts/Makefile.lib). */
export function isObjtoolDelayed(setting: Setting): boolean {
  return isLto(setting) || isOn(setting, 'X86_KERNEL_IBT');
}
