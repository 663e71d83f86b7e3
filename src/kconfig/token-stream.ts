import type { Position } from './draft.ts';
import { KconfigError } from './errors.ts';
import type { Lexer, TokenKind } from './lexer.ts';

/** One token ahead of the parser and no further; and the mistakes that were met. */
export class TokenStream {
  readonly lexer: Lexer;
  /** Mistakes after which reading went on. */
  readonly mistakes: KconfigError[] = [];
  /** Values met in the statement being read. */
  operands = 0;
  #token: TokenKind | null = null;

  constructor(lexer: Lexer) {
    this.lexer = lexer;
  }

  /** Where the statement being read begins. */
  here(): Position {
    return { file: this.lexer.file, line: this.lexer.statementLine };
  }

  peek(): TokenKind {
    this.#token ??= this.lexer.next();
    return this.#token;
  }

  take(): TokenKind {
    const token = this.peek();
    this.#token = null;
    return token;
  }

  accept(token: TokenKind): boolean {
    if (this.peek() !== token) return false;
    this.#token = null;
    return true;
  }

  expect(token: TokenKind, expected: string): void {
    if (!this.accept(token)) throw this.unexpected(expected);
  }

  expectText(token: 'word' | 'quoted' | 'assigned', expected: string): string {
    if (!this.accept(token)) throw this.unexpected(expected);
    return this.lexer.value;
  }

  /** Nothing may be read beyond the end of a statement before what it says has been done. */
  endStatement(): void {
    this.expect('end of line', 'the end of the line');
    this.operands = 0;
  }

  unexpected(expected: string): KconfigError {
    const token = this.peek();
    const shown = token === 'word' || token === 'quoted' ? `"${this.lexer.value.slice(0, 80)}"` : token;
    return this.error(`unexpected ${shown}`, expected);
  }

  /** A mistake at the token just read; `said` is how `conf` calls it. */
  error(words: string, expected: string, said = 'invalid statement'): KconfigError {
    const { file, line } = this.here();
    const { source, column } = this.lexer.locate();
    const report = `${file}:${line}: syntax error\n${file}:${line}: ${said}\n`;
    return new KconfigError('KCONFIG_SYNTAX', { words, place: { file, line, column }, source, expected, report });
  }

  /** Takes down a mistake that does not keep one from reading on. */
  note(words: string, position: Position, prefix = ''): void {
    this.mistakes.push(invalid(words, position, prefix));
  }

  /** All mistakes: the first is thrown, with the reports of all. */
  throwMistakes(): void {
    const [first] = this.mistakes;
    if (!first) return;
    first.report = this.mistakes.map(({ report }) => report).join('');
    throw first;
  }
}

/** A statement that can be read but not be meant. */
export function invalid(words: string, { file, line }: Position, prefix = ''): KconfigError {
  return new KconfigError('KCONFIG_INVALID', { words, place: { file, line }, report: `${file}:${line}: ${prefix}${words}\n` });
}
