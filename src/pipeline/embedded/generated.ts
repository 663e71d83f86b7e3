import { hasOwnTarget } from './rust-flags.ts';
import { isOn, type Setting } from './setting.ts';

/** Files that the kernel makes before it compiles anything, by path relative to the objtree. */
export function generateFiles(setting: Setting): Record<string, string> {
  return {
    'include/generated/autoconf.h': formatAutoconf(setting),
    'include/generated/rustc_cfg': formatRustCfg(setting),
    ...(hasOwnTarget(setting) ? { 'scripts/target.json': formatTarget(setting) } : {}),
  };
}

/** What C sees of a configuration (`conf --syncconfig` writes the same definitions). */
function formatAutoconf({ config }: Setting): string {
  const definitions = setSymbols(config).map(([symbol, value]) => {
    if (value === 'y') return `#define CONFIG_${symbol} 1\n`;
    return value === 'm' ? `#define CONFIG_${symbol}_MODULE 1\n` : `#define CONFIG_${symbol} ${value}\n`;
  });
  return definitions.join('');
}

/** What Rust sees of it: one option of rustc a line. Words of two switches, as the kernel's conf does it. */
function formatRustCfg({ config }: Setting): string {
  const options = setSymbols(config).map(([symbol, value]) => {
    const isSwitch = value === 'y' || value === 'm';
    return `${isSwitch ? `--cfg=CONFIG_${symbol}\n` : ''}--cfg=CONFIG_${symbol}=${value.startsWith('"') ? value : `"${value}"`}\n`;
  });
  return options.join('');
}

/** A target for rustc that calls itself what clang's does, with the kernel's own choice of features. */
function formatTarget(setting: Setting): string {
  const features = ['-mmx', '+soft-float'];
  if (isOn(setting, 'MITIGATION_RETPOLINE')) features.push('+retpoline-external-thunk', '+retpoline-indirect-branches', '+retpoline-indirect-calls');
  if (isOn(setting, 'MITIGATION_SLS')) features.push('+harden-sls-ijmp', '+harden-sls-ret');
  const target = {
    arch: 'x86_64',
    'rustc-abi': 'x86-softfloat',
    'data-layout': 'e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128',
    features: features.join(','),
    'llvm-target': 'x86_64-linux-gnu',
    'supported-sanitizers': ['kcfi', 'kernel-address'],
    'target-pointer-width': 64,
    'emit-debug-gdb-scripts': false,
    'frame-pointer': 'may-omit',
    'stack-probes': { kind: 'none' },
  };
  return `${JSON.stringify(target, null, 2)}\n`;
}

function setSymbols(config: Setting['config']): [string, string][] {
  return Object.entries(config).filter(([, value]) => value !== 'n');
}
