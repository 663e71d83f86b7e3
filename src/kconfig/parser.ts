import type { Draft } from './draft.ts';
import { KconfigError } from './errors.ts';
import { none } from './expression.ts';
import type { Lexer } from './lexer.ts';
import { parseCondition, parseExpression } from './parse-expression.ts';
import { parseChoiceOption, parseConfigOption, parseDepends } from './parse-option.ts';
import { invalid, TokenStream } from './token-stream.ts';

/*
 * file      : [ mainmenu STRING ] { statement }
 * statement : WORD ( = | := | += ) [ text ]
 *           | ( config | menuconfig ) WORD { config option }
 *           | choice { choice option } { config | comment | if } endchoice
 *           | if expression { statement } endif
 *           | menu STRING { visible condition | depends } { statement } endmenu
 *           | comment STRING { depends } | source STRING
 */

const blockEnds = { menu: 'endmenu', if: 'endif', choice: 'endchoice' } as const;
type Block = keyof typeof blockEnds;

/** Reads Kconfig files into a draft (grammar above; scripts/kconfig/parser.y). */
export class Parser {
  readonly #stream: TokenStream;
  readonly #draft: Draft;
  #isInChoice = false;

  constructor(lexer: Lexer, draft: Draft) {
    this.#stream = new TokenStream(lexer);
    this.#draft = draft;
  }

  /** @throws KconfigError the first mistake; its report has all of them */
  parseAll(): void {
    const stream = this.#stream;
    try {
      if (stream.accept('mainmenu')) {
        const text = this.#parseTitle();
        this.#draft.addPrompt('menu', text, none, stream.here());
      }
      this.#parseStatements();
      if (stream.peek() !== 'end of file') throw stream.unexpected('a statement');
    } catch (error) {
      if (!(error instanceof KconfigError)) throw error;
      stream.mistakes.push(error);
    }
    stream.throwMistakes();
  }

  #parseStatements(): void {
    for (;;) {
      const token = this.#stream.peek();
      if (this.#isInChoice && token !== 'config' && token !== 'comment' && token !== 'if') return;
      switch (token) {
        case 'config':
        case 'menuconfig':
          this.#parseConfig(token);
          break;
        case 'choice':
          this.#parseChoice();
          break;
        case 'comment':
          this.#parseComment();
          break;
        case 'if':
          this.#parseIf();
          break;
        case 'menu':
          this.#parseMenu();
          break;
        case 'source':
          this.#parseSource();
          break;
        case 'word':
          this.#parseAssignment();
          break;
        default:
          return;
      }
    }
  }

  #parseAssignment(): void {
    const stream = this.#stream;
    const name = stream.expectText('word', 'a name');
    const operator = stream.take();
    const flavor = operator === '=' ? 'recursive' : operator === ':=' ? 'simple' : operator === '+=' ? 'append' : null;
    if (!flavor) {
      const words = `unknown statement "${name}"`;
      throw stream.error(words, 'a statement, or one of = := += after a name', words);
    }
    const value = stream.accept('assigned') ? stream.lexer.value : '';
    stream.endStatement();
    stream.lexer.macros.assign(name, value, flavor);
  }

  #parseConfig(keyword: 'config' | 'menuconfig'): void {
    const stream = this.#stream;
    const draft = this.#draft;
    stream.take();
    const symbol = draft.lookup(stream.expectText('word', 'the name of a symbol'));
    stream.endStatement();
    const entry = draft.addEntry(keyword === 'config' ? 'normal' : 'menu', symbol, stream.here());
    while (parseConfigOption(stream, draft));
    if (keyword === 'menuconfig') {
      if (entry.prompt) entry.prompt.type = 'menu';
      else stream.note('menuconfig statement without prompt', stream.here());
    }
    if (!this.#isInChoice) return;
    if (!entry.prompt) stream.note('choice member must have a prompt', entry, 'error: ');
    if (symbol.type !== 'bool') stream.note('choice member must be bool', entry, 'error: ');
    symbol.isMember = true;
    draft.choice?.members.push(symbol.id);
  }

  #parseChoice(): void {
    const stream = this.#stream;
    const draft = this.#draft;
    stream.take();
    stream.endStatement();
    const entry = draft.addEntry('choice', draft.addChoiceSymbol(), stream.here());
    draft.setType('bool');
    while (parseChoiceOption(stream, draft));
    if (!entry.prompt) stream.note('choice must have a prompt', entry, 'error: ');
    draft.choice = draft.openBlock();
    this.#isInChoice = true;
    this.#parseStatements();
    this.#parseEnd('choice');
    this.#isInChoice = false;
    draft.choice = null;
  }

  #parseIf(): void {
    const stream = this.#stream;
    const draft = this.#draft;
    stream.take();
    const condition = parseExpression(stream, draft);
    stream.endStatement();
    draft.addEntry('if', null, stream.here());
    draft.addCondition('if', condition, stream.here());
    draft.openBlock();
    this.#parseStatements();
    this.#parseEnd('if');
  }

  #parseMenu(): void {
    const stream = this.#stream;
    const draft = this.#draft;
    stream.take();
    const text = this.#parseTitle();
    draft.addEntry('menu', null, stream.here());
    draft.addPrompt('menu', text, none, stream.here());
    for (;;) {
      if (stream.peek() === 'depends') parseDepends(stream, draft);
      else if (stream.accept('visible')) draft.addCondition('visible', parseCondition(stream, draft), stream.here());
      else break;
    }
    draft.openBlock();
    this.#parseStatements();
    this.#parseEnd('menu');
  }

  #parseComment(): void {
    const stream = this.#stream;
    const draft = this.#draft;
    stream.take();
    const text = this.#parseTitle();
    draft.addEntry('comment', null, stream.here());
    draft.addPrompt('comment', text, none, stream.here());
    while (stream.peek() === 'depends') parseDepends(stream, draft);
  }

  #parseSource(): void {
    const stream = this.#stream;
    stream.take();
    const name = stream.expectText('quoted', 'the name of a file in quotes');
    stream.endStatement();
    stream.lexer.enter(name);
  }

  #parseTitle(): string {
    const text = this.#stream.expectText('quoted', 'the title in quotes');
    this.#stream.endStatement();
    return text;
  }

  /** A block ends with its own word, in the file that opened it. */
  #parseEnd(block: Block): void {
    const stream = this.#stream;
    const { open } = this.#draft;
    const token = stream.peek();
    const found = (Object.keys(blockEnds) as Block[]).find((name) => blockEnds[name] === token);
    if (!found) throw token === 'end of file' ? this.#missingEnd(block) : stream.unexpected(blockEnds[block]);
    stream.take();
    stream.endStatement();
    const here = stream.here();
    if (found !== block) throw invalid(`unexpected '${found}' within ${block} block`, here);
    if (open.file !== here.file) {
      const words = `'${block}' in different file than '${block}'`;
      const report = `${here.file}:${here.line}: ${words}\n${open.file}:${open.line}: location of the '${block}'\n`;
      throw new KconfigError('KCONFIG_INVALID', { words, place: here, report });
    }
    this.#draft.closeBlock();
  }

  #missingEnd(block: Block): KconfigError {
    const { file, line } = this.#draft.open;
    const here = this.#stream.here();
    const words = 'missing end statement for this entry';
    const report = `${here.file}:${here.line}: syntax error\n${file}:${line}: ${words}\n`;
    return new KconfigError('KCONFIG_SYNTAX', { words, place: { file, line }, expected: blockEnds[block], report });
  }
}
