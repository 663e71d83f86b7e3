import type { KconfigSymbol } from './model.ts';

const buckets = 1 << 14;
/** `n`, `m` and `y` are not in the table. */
const constants = 3;

/**
 * The order in which `conf` walks its symbols: by FNV-1a of the name, the newest first within a bucket
 * (scripts/include/hash.h, scripts/kconfig/internal.h). It decides the order of `auto.conf` and of warnings.
 */
export function hashOrderOf(symbols: readonly KconfigSymbol[]): Int32Array {
  const newest = new Int32Array(buckets).fill(-1);
  const older = new Int32Array(symbols.length);
  for (let id = constants; id < symbols.length; id++) {
    const name = (symbols[id] as KconfigSymbol).name;
    const bucket = name === null ? 0 : hashName(name) % buckets;
    older[id] = newest[bucket] as number;
    newest[bucket] = id;
  }
  const order = new Int32Array(Math.max(0, symbols.length - constants));
  let next = 0;
  for (const first of newest) for (let id = first; id >= 0; id = older[id] as number) order[next++] = id;
  return order;
}

/** C's `char` is signed on the machines that matter. */
function hashName(name: string): number {
  let hash = 2166136261;
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    hash = Math.imul(hash ^ (code < 128 ? code : code - 256), 0x01000193);
  }
  return hash >>> 0;
}
