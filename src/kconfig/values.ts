import type { SymbolType } from './model.ts';

/** `n`, `m` and `y` as `conf` counts them: `&&` is the smaller, `||` the greater, `!x` is `2 - x`. */
export type Tristate = 0 | 1 | 2;
export const tristateLetters = ['n', 'm', 'y'] as const;

/** The tristate that a text starts with, in either case; null for any other text. */
export function parseTristate(text: string): Tristate | null {
  const index = 'nNmMyY'.indexOf(text.charAt(0));
  return text === '' || index < 0 ? null : ((index >> 1) as Tristate);
}

/**
 * Whether a user may give a symbol this value, its range aside (scripts/kconfig/symbol.c: sym_string_valid).
 * Hexadecimal needs no `0x`; an integer has no leading zeros.
 */
export function isValidValue(type: SymbolType, text: string): boolean {
  switch (type) {
    case 'string':
      return true;
    case 'int':
      return /^-?(0|[1-9][0-9]*)$/.test(text);
    case 'hex':
      return /^(0[xX])?[0-9a-fA-F]+$/.test(text);
    case 'bool':
    case 'tristate':
      return parseTristate(text) !== null;
    case 'unknown':
      return false;
  }
}

const highest = 2n ** 63n - 1n;
const lowest = -(2n ** 63n);
const highestUnsigned = 2n ** 64n - 1n;

/** What C's `strtoll` and `strtoull` make of a text. `isWhole` is false where something is left over, or too much. */
export type ParsedNumber = { value: number | bigint; isWhole: boolean };

/** Base 0 takes `0x` for hexadecimal and `0` for octal. Values are exact: numbers where they are safe. */
export function parseNumber(text: string, base: 0 | 10 | 16, isUnsigned = false): ParsedNumber {
  const pattern = base === 10 ? decimal : base === 16 ? hexadecimal : anyBase;
  const match = pattern.exec(text);
  if (!match) return { value: 0, isWhole: false };
  const [all, sign = '', digits = ''] = match;
  const isWhole = all.length === text.length;
  const literal = base === 10 ? digits : toLiteral(digits, base);
  const small = Number(literal);
  if (Number.isSafeInteger(small) && !(isUnsigned && sign === '-')) return { value: sign === '-' ? -small : small, isWhole };
  const exact = sign === '-' ? -BigInt(literal) : BigInt(literal);
  if (!isUnsigned) {
    const value = exact > highest ? highest : exact < lowest ? lowest : exact;
    return { value, isWhole: isWhole && value === exact };
  }
  if (exact > highestUnsigned || exact < -highestUnsigned) return { value: highestUnsigned, isWhole: false };
  return { value: BigInt.asUintN(64, exact), isWhole };
}

const decimal = /^[ \t-\r]*([+-]?)([0-9]+)/;
const hexadecimal = /^[ \t-\r]*([+-]?)((?:0[xX](?=[0-9a-fA-F]))?[0-9a-fA-F]+)/;
const anyBase = /^[ \t-\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)/;

function toLiteral(digits: string, base: 0 | 16): string {
  if (/^0[xX]/.test(digits)) return digits;
  if (base === 16) return `0x${digits}`;
  return digits.length > 1 && digits.startsWith('0') ? `0o${digits.slice(1)}` : digits;
}

/** The order of two values as comparisons see it: below, at or above zero (scripts/kconfig/expr.c). */
export function compareValues(left: string, leftType: SymbolType, right: string, rightType: SymbolType): number {
  if (leftType !== 'string' || rightType !== 'string') {
    const [one, other] = [readComparable(left, leftType), readComparable(right, rightType)];
    if (one && other) {
      const isUnsigned = leftType === 'hex' || rightType === 'hex';
      const [low, high] = isUnsigned ? [toUnsigned(one.value), toUnsigned(other.value)] : [one.value, other.value];
      return low > high ? 1 : low < high ? -1 : 0;
    }
  }
  return left > right ? 1 : left < right ? -1 : 0;
}

function readComparable(text: string, type: SymbolType): ParsedNumber | null {
  if (type === 'bool' || type === 'tristate') {
    return { value: text.length === 1 ? 'nmy'.indexOf(text) : -1, isWhole: true };
  }
  const number = parseNumber(text, type === 'int' ? 10 : type === 'hex' ? 16 : 0, type === 'hex');
  return number.isWhole ? number : null;
}

function toUnsigned(value: number | bigint): number | bigint {
  return value < 0 ? BigInt.asUintN(64, BigInt(value)) : value;
}
