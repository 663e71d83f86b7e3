import type { Draft, Position } from './draft.ts';
import { KconfigError } from './errors.ts';
import { type ExpressionId, kind, none, type SymbolId } from './expression.ts';
import type { Lexer, TokenKind } from './lexer.ts';
import type { SymbolType } from './model.ts';
import { compareToNo } from './simplify.ts';

/*
 * file       : [ mainmenu STRING ] { statement }
 * statement  : WORD ( = | := | += ) [ text ]
 *            | ( config | menuconfig ) WORD { option }
 *            | choice { choice option } { config | comment | if } endchoice
 *            | if expression { statement } endif
 *            | menu STRING { visible [ if expression ] | depends } { statement } endmenu
 *            | comment STRING { depends } | source STRING
 * option     : type [ STRING [ condition ] ] | prompt STRING [ condition ]
 *            | ( default | def_bool | def_tristate ) expression [ condition ]
 *            | ( select | imply ) WORD [ condition ] | range value value [ condition ]
 *            | modules | transitional | depends | help TEXT
 * depends    : depends on expression [ condition ]
 * condition  : if expression
 * expression : or of and of ( ! factor | ( expression ) | value [ comparison value ] )
 */

const types: Partial<Record<TokenKind, SymbolType>> = { bool: 'bool', tristate: 'tristate', int: 'int', hex: 'hex', string: 'string' };
const comparisons: Partial<Record<TokenKind, number>> = {
  '=': kind.equal, '!=': kind.unequal, '<': kind.less, '<=': kind.lessEqual, '>': kind.greater, '>=': kind.greaterEqual,
};
const blockEnds = { menu: 'endmenu', if: 'endif', choice: 'endchoice' } as const;
type Block = keyof typeof blockEnds;
/** Far above what Kconfig files have; expressions are walked by recursion. */
const maxOperands = 4000;

/** Reads Kconfig files into a draft (grammar above; scripts/kconfig/parser.y). Stops at the first mistake. */
export class Parser {
  readonly #lexer: Lexer;
  readonly #draft: Draft;
  #token: TokenKind | null = null;
  #isInChoice = false;
  /** Values met in this statement. */
  #operands = 0;
  /** Mistakes after which reading went on. */
  readonly #mistakes: KconfigError[] = [];

  constructor(lexer: Lexer, draft: Draft) {
    this.#lexer = lexer;
    this.#draft = draft;
  }

  /** @throws KconfigError the first mistake; its report has all of them */
  parseAll(): void {
    try {
      this.#parseFile();
    } catch (error) {
      if (!(error instanceof KconfigError)) throw error;
      this.#mistakes.push(error);
    }
    const [first] = this.#mistakes;
    if (!first) return;
    first.report = this.#mistakes.map(({ report }) => report).join('');
    throw first;
  }

  #parseFile(): void {
    if (this.#accept('mainmenu')) {
      const text = this.#expectText('quoted', 'the title in quotes');
      this.#endStatement();
      this.#draft.addPrompt('menu', text, none, this.#here());
    }
    this.#parseStatements();
    if (this.#peek() !== 'end of file') throw this.#unexpected('a statement');
  }

  #parseStatements(): void {
    for (;;) {
      const token = this.#peek();
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
    const name = this.#expectText('word', 'a name');
    const operator = this.#take();
    const flavor = operator === '=' ? 'recursive' : operator === ':=' ? 'simple' : operator === '+=' ? 'append' : null;
    if (!flavor) throw this.#error(`unknown statement "${name}"`, 'a statement, or one of = := += after a name');
    const value = this.#peek() === 'assigned' ? this.#expectText('assigned', '') : '';
    this.#endStatement();
    this.#lexer.macros.assign(name, value, flavor);
  }

  #parseConfig(keyword: 'config' | 'menuconfig'): void {
    this.#take();
    const symbol = this.#draft.lookup(this.#expectText('word', 'the name of a symbol'));
    this.#endStatement();
    const entry = this.#draft.addEntry(keyword === 'config' ? 'normal' : 'menu', symbol, this.#here());
    while (this.#parseOption());
    if (keyword === 'menuconfig') {
      if (entry.prompt) entry.prompt.type = 'menu';
      else this.#note('menuconfig statement without prompt', this.#lookAhead());
    }
    if (!this.#isInChoice) return;
    if (!entry.prompt) this.#note('choice member must have a prompt', entry, 'error: ');
    if (symbol.type !== 'bool') this.#note('choice member must be bool', entry, 'error: ');
    symbol.isMember = true;
    this.#draft.choice?.members.push(symbol.id);
  }

  #parseOption(): boolean {
    const draft = this.#draft;
    const token = this.#peek();
    const type = types[token];
    if (type) {
      this.#take();
      if (this.#peek() === 'quoted') this.#parsePrompt();
      else this.#endStatement();
      draft.setType(type);
      return true;
    }
    switch (token) {
      case 'prompt':
        this.#take();
        this.#parsePrompt();
        return true;
      case 'default':
      case 'def_bool':
      case 'def_tristate':
        this.#take();
        draft.addProperty('default', this.#parseExpression(), this.#parseConditionAndEnd(), this.#here());
        if (token !== 'default') draft.setType(token === 'def_bool' ? 'bool' : 'tristate');
        return true;
      case 'select':
      case 'imply': {
        this.#take();
        const target = draft.lookup(this.#expectText('word', 'the name of a symbol'));
        draft.addProperty(token, draft.expressions.symbol(target.id), this.#parseConditionAndEnd(), this.#here());
        return true;
      }
      case 'range': {
        this.#take();
        const [low, high] = [this.#parseValue(), this.#parseValue()];
        draft.addProperty('range', draft.expressions.node(kind.range, low, high), this.#parseConditionAndEnd(), this.#here());
        return true;
      }
      case 'modules':
        this.#take();
        this.#endStatement();
        if (draft.modules) {
          const words = `symbol '${draft.entry.symbol?.name}' redefines option 'modules' already defined by symbol`;
          this.#note(`${words} '${draft.modules.name}'`, this.#here());
        }
        draft.modules = draft.entry.symbol;
        return true;
      case 'transitional':
        this.#take();
        this.#endStatement();
        if (draft.entry.symbol) draft.entry.symbol.isTransitional = true;
        return true;
      default:
        return this.#parseCommon();
    }
  }

  /** `depends on` and `help`. */
  #parseCommon(): boolean {
    if (this.#peek() === 'depends') {
      this.#parseDepends();
      return true;
    }
    if (this.#peek() !== 'help') return false;
    this.#take();
    this.#endStatement();
    this.#lexer.startHelp();
    this.#expect('help text', 'help text');
    const { entry } = this.#draft;
    const name = entry.symbol?.name ?? '<choice>';
    if (entry.help !== null) this.#note(`'${name}' defined with more than one help text`, this.#here());
    if (this.#lexer.isHelpBlank) this.#note(`'${name}' defined with blank help text`, this.#here());
    entry.help = this.#lexer.help;
    return true;
  }

  /** `depends on A if B` asks for A where B is not `n`. */
  #parseDepends(): void {
    const { expressions } = this.#draft;
    this.#take();
    this.#expect('on', 'on');
    const wanted = this.#parseExpression();
    const condition = this.#parseConditionAndEnd();
    const added = condition === none ? wanted : expressions.or(wanted, compareToNo(expressions, condition, kind.equal));
    this.#draft.addCondition('depends', added, this.#here());
  }

  #parsePrompt(): void {
    const text = this.#expectText('quoted', 'the prompt in quotes');
    const condition = this.#parseConditionAndEnd();
    this.#draft.addPrompt('prompt', text, condition, this.#here());
    this.#draft.addCondition('prompt', condition, this.#here());
  }

  #parseChoice(): void {
    const draft = this.#draft;
    this.#take();
    this.#endStatement();
    const entry = draft.addEntry('choice', draft.addChoiceSymbol(), this.#here());
    draft.setType('bool');
    while (this.#parseChoiceOption());
    if (!entry.prompt) this.#note('choice must have a prompt', entry, 'error: ');
    draft.choice = draft.openBlock();
    this.#isInChoice = true;
    this.#parseStatements();
    this.#parseEnd('choice');
    this.#isInChoice = false;
    draft.choice = null;
  }

  #parseChoiceOption(): boolean {
    const { expressions } = this.#draft;
    if (this.#accept('prompt')) {
      this.#parsePrompt();
      return true;
    }
    if (!this.#accept('default')) return this.#parseCommon();
    const target = this.#draft.lookup(this.#expectText('word', 'the name of a symbol'));
    this.#draft.addProperty('default', expressions.symbol(target.id), this.#parseConditionAndEnd(), this.#here());
    return true;
  }

  #parseIf(): void {
    this.#take();
    const condition = this.#parseExpression();
    this.#endStatement();
    this.#draft.addEntry('if', null, this.#here());
    this.#draft.addCondition('if', condition, this.#here());
    this.#draft.openBlock();
    this.#parseStatements();
    this.#parseEnd('if');
  }

  #parseMenu(): void {
    const draft = this.#draft;
    this.#take();
    const text = this.#expectText('quoted', 'the title in quotes');
    this.#endStatement();
    draft.addEntry('menu', null, this.#here());
    draft.addPrompt('menu', text, none, this.#here());
    for (;;) {
      if (this.#peek() === 'depends') this.#parseDepends();
      else if (this.#accept('visible')) draft.addCondition('visible', this.#parseConditionAndEnd(), this.#here());
      else break;
    }
    draft.openBlock();
    this.#parseStatements();
    this.#parseEnd('menu');
  }

  #parseComment(): void {
    this.#take();
    const text = this.#expectText('quoted', 'the comment in quotes');
    this.#endStatement();
    this.#draft.addEntry('comment', null, this.#here());
    this.#draft.addPrompt('comment', text, none, this.#here());
    while (this.#peek() === 'depends') this.#parseDepends();
  }

  #parseSource(): void {
    this.#take();
    const name = this.#expectText('quoted', 'the name of a file in quotes');
    this.#endStatement();
    this.#lexer.enter(name);
  }

  /** A block ends with its own word, in the file that opened it. */
  #parseEnd(block: Block): void {
    const { open } = this.#draft;
    const token = this.#peek();
    const found = (Object.keys(blockEnds) as Block[]).find((name) => blockEnds[name] === token);
    if (!found) {
      if (token !== 'end of file') throw this.#unexpected(blockEnds[block]);
      const here = `${this.#lexer.file}:${this.#lexer.statementLine}: syntax error\n`;
      const words = 'missing end statement for this entry';
      throw new KconfigError('KCONFIG_SYNTAX', {
        words, place: { file: open.file, line: open.line }, expected: blockEnds[block],
        report: `${here}${open.file}:${open.line}: ${words}\n`,
      });
    }
    this.#take();
    this.#endStatement();
    if (found !== block) throw wrong(`unexpected '${found}' within ${block} block`, this.#here());
    if (open.file !== this.#lexer.file) {
      const { file, line } = this.#here();
      const words = `'${block}' in different file than '${block}'`;
      const report = `${file}:${line}: ${words}\n${open.file}:${open.line}: location of the '${block}'\n`;
      throw new KconfigError('KCONFIG_SYNTAX', { words, place: { file, line }, report });
    }
    this.#draft.closeBlock();
  }

  #parseConditionAndEnd(): ExpressionId {
    const condition = this.#accept('if') ? this.#parseExpression() : none;
    this.#endStatement();
    return condition;
  }

  #parseExpression(): ExpressionId {
    let left = this.#parseConjunction();
    while (this.#accept('||')) left = this.#draft.expressions.node(kind.or, left, this.#parseConjunction());
    return left;
  }

  #parseConjunction(): ExpressionId {
    let left = this.#parseFactor();
    while (this.#accept('&&')) left = this.#draft.expressions.node(kind.and, left, this.#parseFactor());
    return left;
  }

  #parseFactor(): ExpressionId {
    const { expressions } = this.#draft;
    if (this.#accept('!')) return expressions.not(this.#parseFactor());
    if (this.#accept('(')) {
      const inner = this.#parseExpression();
      this.#expect(')', ')');
      return inner;
    }
    const left = this.#parseValue();
    const comparison = comparisons[this.#peek()];
    if (comparison === undefined) return expressions.symbol(left);
    this.#take();
    return expressions.node(comparison, left, this.#parseValue());
  }

  #parseValue(): SymbolId {
    if (++this.#operands > maxOperands) throw this.#error('the condition is too long', `at most ${maxOperands} operands`);
    if (this.#peek() === 'quoted') return this.#draft.lookup(this.#expectText('quoted', ''), true).id;
    return this.#draft.lookup(this.#expectText('word', 'a symbol or a value in quotes')).id;
  }

  #here(): Position {
    return { file: this.#lexer.file, line: this.#lexer.statementLine };
  }

  #peek(): TokenKind {
    this.#token ??= this.#lexer.next();
    return this.#token;
  }

  #take(): TokenKind {
    const token = this.#peek();
    this.#token = null;
    return token;
  }

  #accept(token: TokenKind): boolean {
    if (this.#peek() !== token) return false;
    this.#token = null;
    return true;
  }

  #expect(token: TokenKind, expected: string): void {
    if (!this.#accept(token)) throw this.#unexpected(expected);
  }

  #expectText(token: 'word' | 'quoted' | 'assigned', expected: string): string {
    if (!this.#accept(token)) throw this.#unexpected(expected);
    return this.#lexer.value;
  }

  /** Nothing may be read beyond the end of a statement before what it says has been done. */
  #endStatement(): void {
    this.#expect('end of line', 'the end of the line');
    this.#operands = 0;
  }

  #unexpected(expected: string): KconfigError {
    const token = this.#peek();
    const shown = token === 'word' || token === 'quoted' ? `"${this.#lexer.value.slice(0, 80)}"` : token;
    return this.#error(`unexpected ${shown}`, expected);
  }

  #error(words: string, expected: string): KconfigError {
    const { file, line } = this.#here();
    const { source, column } = this.#lexer.locate();
    const said = words.startsWith('unknown statement') ? words : 'invalid statement';
    const report = `${file}:${line}: syntax error\n${file}:${line}: ${said}\n`;
    return new KconfigError('KCONFIG_SYNTAX', { words, place: { file, line, column }, source, expected, report });
  }

  /** Takes down a mistake that does not keep one from reading on. */
  #note(words: string, position: Position, prefix = ''): void {
    this.#mistakes.push(wrong(words, position, prefix));
  }

  /** Where the statement begins that ended the one just read. */
  #lookAhead(): Position {
    this.#peek();
    return this.#here();
  }
}

function wrong(words: string, { file, line }: Position, prefix = ''): KconfigError {
  return new KconfigError('KCONFIG_INVALID', { words, place: { file, line }, report: `${file}:${line}: ${prefix}${words}\n` });
}
