import { readFileSync } from 'node:fs';

/**
 * When a process was started, in clock ticks since boot (field 22 of /proc/PID/stat): with its number it names one
 * process for ever. Null where none of that number runs; one that has ended and is only waiting to be reaped does not.
 */
export function startOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}
