import type { KconfigSymbol } from './model.ts';

const buckets = 1 << 14;

/**
 * The order in which `conf` walks its symbols: by FNV-1a of the name, the newest first within a bucket
 * (scripts/include/hash.h, scripts/kconfig/internal.h). It decides the order of `auto.conf` and of warnings.
 */
export function hashOrderOf(symbols: readonly KconfigSymbol[]): Int32Array {
  const lists: number[][] = [];
  for (const { id, name } of symbols.slice(3)) {
    const bucket = name === null ? 0 : hashName(name) % buckets;
    (lists[bucket] ??= []).push(id);
  }
  const order = new Int32Array(symbols.length - 3);
  let next = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    for (const id of lists[bucket]?.reverse() ?? []) order[next++] = id;
  }
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
