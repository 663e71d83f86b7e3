import { UserError } from '../../util/errors.ts';
import { excerpt, type Line, unquoteLines } from './lines.ts';
import type { Found, GivenConfig, Part, Search } from './records.ts';

/** A configuration without a head that has as many assignments is a whole one all the same. */
const wholeFrom = 400;

/** A value that mails have wrapped goes on over at most so many lines. */
const mostLines = 4;

type Entry =
  | { kind: 'assignment'; symbol: string; value: string; lines: number }
  | { kind: 'head' | 'comment' | 'prose' }
  | { kind: 'broken'; why: string };

/**
 * Configurations in a text: lines that are assignments, whatever stands between them. Assignments that contradict earlier
 * ones, and each head of a `.config`, begin another configuration. In a file of configuration lines each line has to be
 * one; in prose what is none is prose.
 */
export function findConfigs(part: Part): Search<GivenConfig> {
  const lines = unquoteLines(part.text);
  const collected: Collected[] = [];
  const broken: UserError[] = [];
  let prose = 0;
  let open: Collected | null = null;
  let isApart = true;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as Line;
    const entry = readEntry(lines, index);
    if (entry.kind === 'head') {
      if (open === null || !isEmptyHead(open)) collected.push((open = startAt(part, line)));
      open.hasHead = true;
      isApart = false;
    } else if (entry.kind === 'assignment') {
      if (open === null || (isApart && contradicts(open, entry))) collected.push((open = startAt(part, line)));
      open.assignments.set(entry.symbol, entry.value);
      isApart = false;
      index += entry.lines - 1;
    } else if (entry.kind === 'broken') {
      broken.push(new UserError({ code: 'CONFIG_SYNTAX', message: entry.why, place: { file: part.name, line: line.line, column: line.column }, hint: 'a line of a configuration is CONFIG_NAME=value, or # CONFIG_NAME is not set' }));
      isApart = true;
    } else if (entry.kind === 'prose') {
      prose += 1;
      isApart = true;
    }
  }
  const whole = collected.filter(({ assignments }) => assignments.size > 0);
  const count = whole.reduce((sum, { assignments }) => sum + assignments.size, 0);
  const [first] = broken;
  // Nothing but a configuration: a line that is skipped would make another one of it.
  if (first !== undefined && count > 0 && prose <= (count + broken.length) / 10) throw first;
  return { found: whole.map(toFound), broken };
}

type Collected = { place: Found['place']; assignments: Map<string, string>; hasHead: boolean };

function startAt({ name }: Part, { line, column }: Line): Collected {
  return { place: { file: name, line, column }, assignments: new Map(), hasHead: false };
}

function isEmptyHead({ hasHead, assignments }: Collected): boolean {
  return hasHead && assignments.size === 0;
}

function contradicts({ assignments }: Collected, { symbol, value }: Extract<Entry, { kind: 'assignment' }>): boolean {
  const before = assignments.get(symbol);
  return before !== undefined && before !== value;
}

function toFound({ place, assignments, hasHead }: Collected): Found<GivenConfig> {
  return { place, recipe: { kind: 'config', assignments: Object.fromEntries(assignments), isWhole: hasHead || assignments.size >= wholeFrom } };
}

const head = /^# (?:Automatically generated file; DO NOT EDIT\.|Linux\/\S+ \S+ Kernel Configuration)$/;
const value = /^(?:[ymn]|-?\d+|(?:0[xX])?[0-9a-fA-F]+|"(?:[^"\\]|\\.)*"|)$/;

function readEntry(lines: readonly Line[], index: number): Entry {
  const { text } = lines[index] as Line;
  if (head.test(text)) return { kind: 'head' };
  const unset = /^# CONFIG_([A-Za-z0-9_]+)(?: is(?: not(?: set)?)?)?$/.exec(text);
  if (unset?.[1] !== undefined) return readUnset(lines, index, unset[1]);
  if (text === '' || text.startsWith('#')) return { kind: 'comment' };
  const [, symbol, first] = /^CONFIG_([A-Za-z0-9_]+)=(.*)$/.exec(text) ?? [];
  if (symbol === undefined || first === undefined) return /^CONFIG_[A-Za-z0-9_]*\s*(?:=|$)/.test(text) ? { kind: 'broken', why: `"${excerpt(text)}" is no assignment` } : { kind: 'prose' };
  // A text that a mail has wrapped ends lines later.
  let whole = first;
  for (let count = 1; count <= mostLines; count += 1) {
    if (value.test(whole)) return { kind: 'assignment', symbol, value: whole, lines: count };
    const next = lines[index + count];
    if (!whole.startsWith('"') || next === undefined || /^(?:# )?CONFIG_/.test(next.text)) break;
    whole = `${whole} ${next.text}`;
  }
  return { kind: 'broken', why: `"${excerpt(first)}" is no value for ${symbol}: y, m, n, a number or a text in quotes is wanted` };
}

function readUnset(lines: readonly Line[], index: number, symbol: string): Entry {
  const words = [lines[index], lines[index + 1]].map((line) => line?.text ?? '');
  if (words[0]?.endsWith(' is not set')) return { kind: 'assignment', symbol, value: 'n', lines: 1 };
  return /^# \S+ is not set$/.test(words.join(' ')) ? { kind: 'assignment', symbol, value: 'n', lines: 2 } : { kind: 'comment' };
}
