import { KconfigError } from './errors.ts';
import type { Output } from './output.ts';

/** What expansion needs to know of the world. */
export type MacroContext = {
  /** Where the lexer stands. */
  place(): { file: string; line: number };
  environment: Readonly<Record<string, string>>;
  /** Standard output of a shell command; null where it is not known yet. */
  shell(command: string): string | null;
  output: Output;
};

export type Flavor = 'recursive' | 'simple' | 'append';

/** Stands for the answer of a command that has not run yet; cannot occur in a text of bytes. */
export const unknownAnswer = '\uffff';

const maxArguments = 16;
const maxDepth = 1000;
/** An expansion that takes more steps, or yields more characters, is a mistake. */
const maxSteps = 100_000;
const maxLength = 16 * 1024 * 1024;

type Variable = { value: string; flavor: Flavor; depth: number };

/**
 * Variables, user-defined functions and built-in functions of the preprocessor
 * (Documentation/kbuild/kconfig-macro-language.rst, scripts/kconfig/preprocess.c).
 */
export class Macros {
  /** Environment variables that were used, in the order of their first use. */
  readonly usedEnvironment = new Map<string, string>();
  readonly #variables = new Map<string, Variable>();
  readonly #context: MacroContext;
  #end = 0;
  #steps = 0;

  constructor(context: MacroContext) {
    this.#context = context;
  }

  /** Where in its text the last expansion stopped. */
  get end(): number {
    return this.#end;
  }

  assign(name: string, value: string, flavor: Flavor): void {
    this.#steps = 0;
    const known = this.#variables.get(name);
    const actual = flavor === 'append' ? (known?.flavor ?? 'recursive') : flavor;
    const added = actual === 'simple' ? this.#expand(value, []) : value;
    if (known && flavor === 'append') known.value += ` ${added}`;
    else if (known) Object.assign(known, { value: added, flavor: actual });
    else this.#variables.set(name, { value: added, flavor: actual, depth: 0 });
  }

  /** Expands the reference whose `$` stands before `start`; {@link end} is where it stops. */
  expandReference(text: string, start: number): string {
    this.#steps = 0;
    return this.#reference(text, start, []);
  }

  /** Expands a word up to the first character that cannot belong to it; {@link end} is where it stops. */
  expandWord(text: string, start: number, isWord: (code: number) => boolean): string {
    this.#steps = 0;
    let [out, from, position] = ['', start, start];
    for (;;) {
      const code = position < text.length ? text.charCodeAt(position) : 0;
      if (code === 0x24) {
        out += text.slice(from, position) + this.#reference(text, position + 1, []);
        from = position = this.#end;
      } else if (position < text.length && isWord(code)) {
        position++;
      } else {
        this.#end = position;
        return out + text.slice(from, position);
      }
    }
  }

  #expand(text: string, args: readonly string[]): string {
    let [out, from] = ['', 0];
    for (let dollar = text.indexOf('$'); dollar >= 0; dollar = text.indexOf('$', from)) {
      out += text.slice(from, dollar) + this.#reference(text, dollar + 1, args);
      if (out.length > maxLength) throw this.#error('the expansion is too long');
      from = this.#end;
    }
    return out + text.slice(from);
  }

  /** A `$` that no `(` follows stands for itself. */
  #reference(text: string, start: number, args: readonly string[]): string {
    if (text.charCodeAt(start) !== 0x28) {
      this.#end = start;
      return '$';
    }
    let depth = 0;
    let close = start + 1;
    for (; close < text.length; close++) {
      const code = text.charCodeAt(close);
      if (code === 0x28) depth++;
      else if (code === 0x29 && depth-- === 0) break;
    }
    if (close >= text.length) throw this.#error(`unterminated reference to '${text.slice(start + 1)}': missing ')'`);
    const value = this.#evaluate(text.slice(start + 1, close), args);
    this.#end = close + 1;
    return value;
  }

  #evaluate(clause: string, args: readonly string[]): string {
    if (++this.#steps > maxSteps) throw this.#error('the expansion takes too many steps');
    if (/^\s*\+?\d+$/.test(clause)) {
      const argument = args[Number(clause) - 1];
      if (argument !== undefined) return argument;
    }
    const parts = splitArguments(clause);
    if (parts.length > maxArguments) throw this.#error('too many function arguments');
    const [name = '', ...own] = parts.map((part) => this.#expand(part, args));
    return this.#variable(name, own) ?? this.#call(name, own) ?? (own.length === 0 ? this.#environment(name) : null) ?? '';
  }

  #variable(name: string, args: readonly string[]): string | null {
    const variable = this.#variables.get(name);
    if (!variable) return null;
    if (args.length === 0 && variable.depth > 0) {
      throw this.#error(`Recursive variable '${name}' references itself (eventually)`);
    }
    if (variable.depth > maxDepth) throw this.#error('Too deep recursive expansion');
    variable.depth++;
    const value = variable.flavor === 'recursive' ? this.#expand(variable.value, args) : variable.value;
    variable.depth--;
    return value;
  }

  #environment(name: string): string | null {
    if (name === '') return null;
    const value = this.usedEnvironment.get(name) ?? this.#context.environment[name];
    if (value === undefined) return null;
    this.usedEnvironment.set(name, value);
    return value;
  }

  #call(name: string, args: readonly string[]): string | null {
    const count = arity[name];
    if (count === undefined) return null;
    if (args.length < count) throw this.#error(`too few function arguments passed to '${name}'`);
    if (args.length > count) throw this.#error(`too many function arguments passed to '${name}'`);
    const [first = '', second = ''] = args;
    const { file, line } = this.#context.place();
    switch (name) {
      case 'error-if':
        if (first === 'y') throw this.#error(second);
        return '';
      case 'warning-if':
        if (first === 'y') this.#context.output.stderr(`${file}:${line}: ${second}\n`);
        return '';
      case 'info':
        this.#context.output.stdout(`${first}\n`);
        return '';
      case 'filename':
        return file;
      case 'lineno':
        return String(line);
      default:
        return this.#shell(first);
    }
  }

  #shell(command: string): string {
    if (command.includes(unknownAnswer)) return unknownAnswer;
    const answer = this.#context.shell(command);
    return answer === null ? unknownAnswer : normalizeAnswer(answer);
  }

  #error(words: string): KconfigError {
    const { file, line } = this.#context.place();
    return new KconfigError('KCONFIG_MACRO', { words, place: { file, line } });
  }
}

/** Built-in functions and how many arguments each takes. */
const arity: Partial<Record<string, number>> = {
  __proto__: null as never,
  'error-if': 2, 'warning-if': 2, info: 1, filename: 0, lineno: 0, shell: 1,
};

/** At most 4095 bytes; newlines at the end go, others become spaces (scripts/kconfig/preprocess.c: do_shell). */
export function normalizeAnswer(answer: string): string {
  return answer.slice(0, 4095).replace(/\n+$/, '').replace(/\n/g, ' ');
}

/** Splits at the commas that are not inside parentheses. */
function splitArguments(clause: string): string[] {
  if (!clause.includes(',')) return [clause];
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (let position = 0; position < clause.length; position++) {
    const code = clause.charCodeAt(position);
    if (code === 0x2c && depth === 0) {
      parts.push(clause.slice(from, position));
      from = position + 1;
    } else if (code === 0x28) depth++;
    else if (code === 0x29) depth--;
  }
  parts.push(clause.slice(from));
  return parts;
}
