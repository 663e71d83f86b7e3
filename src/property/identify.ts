import { headlineOf } from '../pipeline/diagnostics.ts';
import type { Diagnostic } from './contract.ts';
import { normaliseMessage } from './normalise.ts';

export { headlineOf };

/**
 * What tells an error from others, wherever it is met: the tool, and of its message what does not depend on architecture, place or
 * the compiler's wording. `group`: all errors of the same target.
 */
export function identifyError(first: Diagnostic, group: readonly Diagnostic[]): string[] {
  const told = pickTelling(first, group);
  return [told.tool, normaliseMessage(identifyMessage(told))];
}

/** A linker names what is undefined in an order of its own; modpost ends with a line that names nothing. */
export function pickTelling(first: Diagnostic, group: readonly Diagnostic[]): Diagnostic {
  const kind = /^(?:\S+: error: undefined symbol: |WARNING: modpost: .*section mismatch)/;
  const prefix = headlineOf(first).startsWith('ERROR: modpost: Section mismatches detected') ? 'WARNING: modpost: ' : kind.exec(headlineOf(first))?.[0];
  if (prefix === undefined) return first;
  const alike = group.filter((error) => kind.test(headlineOf(error)) && headlineOf(error).startsWith(prefix));
  return alike.toSorted((left, right) => compareText(normaliseMessage(headlineOf(left)), normaliseMessage(headlineOf(right))))[0] ?? first;
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

/** Names and numbers of errors stay from one compiler's version to the next; what is said about them does not. */
function identifyMessage(error: Diagnostic): string {
  const headline = headlineOf(error);
  return identifyWarning(headline) ?? identifyRust(headline, error.text) ?? identifyModpost(headline) ?? withoutInputs(headline);
}

/** `a.c:3:4: error: unused variable 'x' [-Werror,-Wunused-variable]`, and gcc's way of saying it. */
function identifyWarning(headline: string): string | null {
  const name = /\[-W(?:error[,=](?:-W)?)?([a-z][\w+-]*)=?\]$/.exec(headline)?.[1];
  const names = quotedNames(headline);
  if (name === undefined || names.length === 0) return null;
  const file = /^(\S+?):\d+(?::\d+)?: /.exec(headline)?.[1] ?? '';
  return `${file} -W${name} ${names.join(' ')}`;
}

/**
 * rustc's errors have numbers. One with a number and a name is the same wherever it shows; any other is of its file. How
 * wide an integer is differs by architecture, and so does whether C's char has a sign.
 */
function identifyRust(headline: string, text: string): string | null {
  const number = /^error(?:: internal compiler error)?\[(E\d+)\]: /.exec(headline)?.[1];
  const file = /^ *--> (\S+?):\d+:\d+$/m.exec(text)?.[1];
  const names = quotedNames(headline);
  if (number !== undefined && names.length > 0) return `${headline.includes('internal compiler error') ? 'ICE ' : ''}${number} ${names.join(' ').replace(/\b[iu](?:8|16|32|64|128|size)\b/g, '<int>')}`;
  return file === undefined ? null : `${headline} --> ${file}`;
}

/** What nobody exports is one defect, however many modules need it. */
function identifyModpost(headline: string): string | null {
  const symbol = /^ERROR: modpost: ("[^"]+") \[\S+\] undefined!/.exec(headline)?.[1];
  return symbol === undefined ? null : `modpost: ${symbol} undefined`;
}

/** `'i32 2' from a.bc`: every crate is linked, and which one is first is a matter of luck. */
function withoutInputs(headline: string): string {
  return headline.replace(/('[^']*') from [^\s,]+/g, '$1');
}

/** What compilers put between quotes, without what a type stands for on this architecture. */
function quotedNames(headline: string): string[] {
  return [...headline.replaceAll(/ \(aka '[^']*'\)/g, '').matchAll(/'([^']+)'|`([^`]+)`/g)].map(([, single, back]) => single ?? back ?? '');
}
