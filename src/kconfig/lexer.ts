import type { Output } from './output.ts';
import { type MacroContext, Macros } from './preprocess.ts';
import { type Help, skipHelp } from './help.ts';
import { type FileReader, Includes } from './includes.ts';

const keywords = [
  'bool', 'choice', 'comment', 'config', 'def_bool', 'def_tristate', 'default', 'depends', 'endchoice', 'endif', 'endmenu',
  'help', 'hex', 'if', 'imply', 'int', 'mainmenu', 'menu', 'menuconfig', 'modules', 'on', 'prompt', 'range', 'select',
  'source', 'string', 'transitional', 'tristate', 'visible',
] as const;
const operators = ['||', '&&', '=', '!=', '<', '<=', '>', '>=', '!', '(', ')', ':=', '+='] as const;

export type TokenKind =
  | (typeof keywords)[number]
  | (typeof operators)[number]
  | 'word' | 'quoted' | 'assigned' | 'help text' | 'end of line' | 'end of file';

const keywordKinds = new Map<string, TokenKind>(keywords.map((word) => [word, word]));
const twoCharacters = new Set<string>(operators.filter((operator) => operator.length === 2));
const oneCharacter = new Set<string>(operators.filter((operator) => operator.length === 1));

/** `[A-Za-z0-9_-]` */
export function isWordCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === 45;
}

/**
 * Turns Kconfig files into tokens, one at a time and never one ahead: `source` and `help` change what comes next.
 * Follows scripts/kconfig/lexer.l, where a word with `$` is expanded as it is read and is not scanned again.
 */
export class Lexer {
  /** Text of the token just read: the word, the string without quotes. */
  value = '';
  /** The help text just read. */
  help: Help = { source: '', start: 0 };
  isHelpBlank = false;
  /** Where the token just read starts in the current file's text, and in which file and line. */
  start = 0;
  /** Line of the first token of the statement being read. */
  statementLine = 1;
  readonly macros: Macros;
  readonly includes: Includes;
  readonly #output: Output;
  #text: string;
  #position = 0;
  #line = 1;
  #file: string;
  #previous: TokenKind = 'end of line';
  #beforePrevious: TokenKind = 'end of line';
  #isAssigning = false;
  #isHelp = false;

  constructor(root: string, reader: FileReader, context: Omit<MacroContext, 'place'>) {
    this.#output = context.output;
    this.includes = new Includes(reader);
    this.#text = this.includes.open(root);
    this.#file = root;
    this.macros = new Macros({ ...context, place: () => ({ file: this.#file, line: this.#line }) });
  }

  get file(): string {
    return this.#file;
  }

  get line(): number {
    return this.#line;
  }

  next(): TokenKind {
    for (;;) {
      const token = this.#scan();
      if (this.#previous === 'end of line' || this.#previous === 'help text') {
        if (token === 'end of line') continue;
        this.statementLine = this.#line;
      }
      this.#isAssigning =
        this.#beforePrevious === 'end of line' && this.#previous === 'word' && (token === '=' || token === ':=' || token === '+=');
      this.#beforePrevious = this.#previous;
      this.#previous = token;
      return token;
    }
  }

  /** What follows is help text. */
  startHelp(): void {
    this.#isHelp = true;
  }

  /** What follows is another file. */
  enter(name: string): void {
    const { text, position } = { text: this.#text, position: this.#position };
    this.#text = this.includes.enter(name, { file: this.#file, line: this.#line, statementLine: this.statementLine, text, position });
    this.#position = 0;
    this.#line = 1;
    this.#file = name;
  }

  /** The line of the token just read, and its column there. */
  locate(): { source: string; column: number } {
    const from = this.#text.lastIndexOf('\n', this.start - 1) + 1;
    return { source: this.#text.slice(from, this.#lineEnd(this.start)), column: this.start - from + 1 };
  }

  #scan(): TokenKind {
    if (this.#isHelp) return this.#scanHelp();
    if (this.#isAssigning) return this.#scanAssigned();
    const text = this.#text;
    for (;;) {
      const at = this.#position;
      if (at >= text.length) return this.#endFile();
      this.start = at;
      const code = text.charCodeAt(at);
      if (code === 32 || code === 9) {
        this.#position++;
      } else if (code === 10) {
        this.#position++;
        this.#line++;
        return 'end of line';
      } else if (code === 35) {
        this.#position = this.#lineEnd(at);
      } else if (code === 34 || code === 39) {
        return this.#scanString(code);
      } else if (code === 36 || isWordCode(code)) {
        const word = this.#scanWord();
        if (word) return word;
      } else if (code === 92 && text.charCodeAt(at + 1) === 10) {
        this.#position += 2;
        this.#line++;
      } else {
        const operator = this.#scanOperator(at);
        if (operator) return operator;
      }
    }
  }

  #scanWord(): TokenKind | null {
    const text = this.#text;
    let at = this.#position;
    let code = text.charCodeAt(at);
    while (isWordCode(code)) code = text.charCodeAt(++at);
    if (code === 36) {
      this.value = this.macros.expandWord(text.slice(0, this.#lineEnd(at)), this.#position, isWordCode);
      this.#position = this.macros.end;
      return this.value === '' ? null : 'word';
    }
    this.value = text.slice(this.#position, at);
    this.#position = at;
    return keywordKinds.get(this.value) ?? 'word';
  }

  #scanOperator(at: number): TokenKind | null {
    const two = this.#text.slice(at, at + 2);
    if (twoCharacters.has(two)) {
      this.#position += 2;
      return two as TokenKind;
    }
    this.#position++;
    const one = two.slice(0, 1);
    if (oneCharacter.has(one)) return one as TokenKind;
    this.#output.stderr(`${this.#file}:${this.#line}:warning: ignoring unsupported character '${one}'\n`);
    return null;
  }

  /** Either quote opens; a backslash keeps the next character as it is; a string cannot go beyond its line. */
  #scanString(quote: number): TokenKind {
    const text = this.#text;
    const end = this.#lineEnd(this.#position);
    let out = '';
    let from = this.#position + 1;
    let at = from;
    for (; at < end; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) break;
      if (code === 92) {
        out += text.slice(from, at);
        from = at + 1;
        if (from < end) at++;
      } else if (code === 36) {
        out += text.slice(from, at) + this.macros.expandReference(text.slice(0, end), at + 1);
        from = this.macros.end;
        at = from - 1;
      }
    }
    this.value = out + text.slice(from, Math.min(at, end));
    this.#position = Math.min(at + 1, end);
    if (at >= end && end < text.length) {
      this.#output.stderr(`${this.#file}:${this.statementLine}:warning: multi-line strings not supported\n`);
    }
    return 'quoted';
  }

  #scanAssigned(): TokenKind {
    const end = this.#lineEnd(this.#position);
    let at = this.#position;
    while (at < end && (this.#text.charCodeAt(at) === 32 || this.#text.charCodeAt(at) === 9)) at++;
    this.start = at;
    this.#isAssigning = false;
    this.#position = end;
    if (at === end) return this.#scan();
    this.value = this.#text.slice(at, end);
    return 'assigned';
  }

  #scanHelp(): TokenKind {
    this.#isHelp = false;
    this.start = this.#position;
    this.help = { source: this.#text, start: this.#position };
    const { end, lines, isBlank } = skipHelp(this.#text, this.#position);
    this.isHelpBlank = isBlank;
    this.#position = end;
    this.#line += lines;
    return 'help text';
  }

  /** The including file goes on; the end of an included file ends a statement too. */
  #endFile(): TokenKind {
    if (this.#previous !== 'end of line' && this.#previous !== 'help text') {
      this.#output.stderr(`${this.#file}:${this.#line}:warning: no new line at end of file\n`);
    }
    const outer = this.includes.leave();
    if (!outer) return 'end of file';
    this.#text = outer.text;
    this.#position = outer.position;
    this.#line = outer.line;
    this.#file = outer.file;
    return 'end of line';
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end < 0 ? this.#text.length : end;
  }
}

