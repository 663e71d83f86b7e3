import { moveMember } from './choice.ts';
import type { Evaluation } from './evaluate.ts';
import { isChoice, type KconfigSymbol } from './model.ts';
import { isValidValue, type Tristate } from './values.ts';

export type ReadOptions = {
  /** Name of the file in warnings. */
  file: string;
  /** Prefix of symbols; `CONFIG_`. */
  prefix: string;
  warn(text: string): void;
  /** Warns of symbols that no Kconfig file names (`KCONFIG_WARN_UNKNOWN_SYMBOLS`). */
  isStrict: boolean;
};

/** `hasUnknown`: the text has symbols that the model does not. `warnings`: how many lines were warned of. */
export type ReadResult = { hasUnknown: boolean; warnings: number };

/**
 * Replaces the user's values with those of a `.config` text (one character a byte), and forgets what was computed.
 * The last of several values for one symbol counts (scripts/kconfig/confdata.c: conf_read_simple).
 */
export function readConfig(evaluation: Evaluation, text: string, options: ReadOptions): ReadResult {
  const { names, symbols } = evaluation.model;
  const result: ReadResult = { hasUnknown: false, warnings: 0 };
  let number = 0;
  const warn = (words: string) => {
    result.warnings++;
    options.warn(`${options.file}:${number}:warning: ${words}\n`);
  };
  evaluation.hasUser.fill(0);
  evaluation.userTristates.fill(0);
  evaluation.userTexts.fill('');
  evaluation.forgetValues();
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline;
    const line = newline > at && text.charCodeAt(newline - 1) === 13 ? text.slice(at, newline - 1) : text.slice(at, end);
    at = end + 1;
    number++;
    const entry = parseLine(line, options.prefix);
    if (entry === 'nothing') continue;
    if (entry === 'garbage') {
      warn(`unexpected data: ${line}`);
      continue;
    }
    const id = names.get(entry.name);
    if (id === undefined) {
      if (options.isStrict) warn(`unknown symbol: ${entry.name}`);
      result.hasUnknown = true;
      continue;
    }
    const symbol = symbols[id] as KconfigSymbol;
    if (evaluation.hasUser[id] === 1) warn(`override: reassigning to symbol ${symbol.name}`);
    const complaint = setUserValue(evaluation, symbol, entry.value);
    if (complaint !== null) warn(complaint);
    else if (symbol.choice) moveMember(evaluation, symbol.choice, id, 'first');
  }
  return result;
}

/** A line of a `.config`: comments and blank lines are nothing. */
export function parseLine(line: string, prefix: string): { name: string; value: string } | 'nothing' | 'garbage' {
  if (line === '') return 'nothing';
  if (line.charCodeAt(0) === 35) {
    if (line.charCodeAt(1) !== 32 || !line.startsWith(prefix, 2)) return 'nothing';
    const space = line.indexOf(' ', 2 + prefix.length);
    if (space < 0 || line.slice(space + 1) !== 'is not set') return 'nothing';
    return { name: line.slice(2 + prefix.length, space), value: 'n' };
  }
  const equals = line.startsWith(prefix) ? line.indexOf('=', prefix.length) : -1;
  return equals < 0 ? 'garbage' : { name: line.slice(prefix.length, equals), value: line.slice(equals + 1) };
}

/** Takes a value as a file spells it; gives what is wrong with it, or null (confdata.c: conf_set_sym_val). */
export function setUserValue(evaluation: Evaluation, symbol: KconfigSymbol, value: string): string | null {
  const { id, type, name } = symbol;
  if (isChoice(symbol) || type === 'unknown') return null;
  if (type === 'bool' || type === 'tristate') {
    const tristate = 'nmy'.indexOf(value.charAt(0));
    if (value === '' || tristate < 0 || (tristate === 1 && type === 'bool')) return `symbol value '${value}' invalid for ${name}`;
    evaluation.userTristates[id] = tristate as Tristate;
    evaluation.hasUser[id] = 1;
    return null;
  }
  let text = value;
  if (type === 'string') {
    if (!value.startsWith('"')) return null;
    const unescaped = unescapeString(value);
    if (unescaped === null) return 'invalid string found';
    text = unescaped;
  }
  if (!isValidValue(type, text)) return `symbol value '${text}' invalid for ${name}`;
  evaluation.userTexts[id] = text;
  evaluation.hasUser[id] = 1;
  return null;
}

/** What stands between the quotes; null where the second one is missing. */
function unescapeString(quoted: string): string | null {
  let out = '';
  let from = 1;
  for (let at = 1; at < quoted.length; at++) {
    const code = quoted.charCodeAt(at);
    if (code === 34) return out + quoted.slice(from, at);
    if (code === 92) {
      out += quoted.slice(from, at);
      from = at + 1;
      at++;
    }
  }
  return null;
}
