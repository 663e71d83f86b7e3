import { createHash } from 'node:crypto';

/** SHA-256 of a text, 64 hexadecimal digits. */
export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The first digits of {@link hashText}: short enough to paste, long enough to tell things apart. */
export function shortHash(text: string, digits = 8): string {
  return hashText(text).slice(0, digits);
}

/** An unsigned 32-bit number from any sequence of parts; parts cannot run into each other. */
export function deriveSeed(...parts: readonly (string | number)[]): number {
  return Number.parseInt(hashText(JSON.stringify(parts)).slice(0, 8), 16);
}
