import type { Draft } from './draft.ts';
import { kind, none } from './expression.ts';
import type { TokenKind } from './lexer.ts';
import type { SymbolType } from './model.ts';
import { parseCondition, parseExpression, parseValue } from './parse-expression.ts';
import { compareToNo } from './simplify.ts';
import type { TokenStream } from './token-stream.ts';

/*
 * config option : type [ STRING condition ] | prompt STRING condition | transitional | modules
 *               | ( default | def_bool | def_tristate ) expression condition
 *               | ( select | imply ) WORD condition | range value value condition | depends | help TEXT
 * choice option : prompt STRING condition | default WORD condition | depends | help TEXT
 * depends       : depends on expression condition
 * condition     : [ if expression ] end of line
 */

const types: Partial<Record<TokenKind, SymbolType>> = { bool: 'bool', tristate: 'tristate', int: 'int', hex: 'hex', string: 'string' };

/** Reads one option of a symbol; false where there is none. */
export function parseConfigOption(stream: TokenStream, draft: Draft): boolean {
  const token = stream.peek();
  const type = types[token];
  if (type) {
    stream.take();
    if (stream.peek() === 'quoted') parsePrompt(stream, draft);
    else stream.endStatement();
    draft.setType(type);
    return true;
  }
  switch (token) {
    case 'default':
    case 'def_bool':
    case 'def_tristate':
      stream.take();
      draft.addProperty('default', parseExpression(stream, draft), parseCondition(stream, draft), stream.here());
      if (token !== 'default') draft.setType(token === 'def_bool' ? 'bool' : 'tristate');
      return true;
    case 'select':
    case 'imply': {
      stream.take();
      const target = draft.lookup(stream.expectText('word', 'the name of a symbol'));
      draft.addProperty(token, draft.expressions.symbol(target.id), parseCondition(stream, draft), stream.here());
      return true;
    }
    case 'range': {
      stream.take();
      const range = draft.expressions.node(kind.range, parseValue(stream, draft), parseValue(stream, draft));
      draft.addProperty('range', range, parseCondition(stream, draft), stream.here());
      return true;
    }
    case 'modules':
      stream.take();
      stream.endStatement();
      markModules(stream, draft);
      return true;
    case 'transitional':
      stream.take();
      stream.endStatement();
      if (draft.entry.symbol) draft.entry.symbol.isTransitional = true;
      return true;
    default:
      return parseCommon(stream, draft);
  }
}

/** Reads one option of a choice; false where there is none. */
export function parseChoiceOption(stream: TokenStream, draft: Draft): boolean {
  if (stream.peek() !== 'default') return parseCommon(stream, draft);
  stream.take();
  const target = draft.lookup(stream.expectText('word', 'the name of a symbol'));
  draft.addProperty('default', draft.expressions.symbol(target.id), parseCondition(stream, draft), stream.here());
  return true;
}

/** `depends on A if B` asks for A where B is not `n`. */
export function parseDepends(stream: TokenStream, draft: Draft): void {
  const { expressions } = draft;
  stream.take();
  stream.expect('on', 'on');
  const wanted = parseExpression(stream, draft);
  const condition = parseCondition(stream, draft);
  const added = condition === none ? wanted : expressions.or(wanted, compareToNo(expressions, condition, kind.equal));
  draft.addCondition('depends', added, stream.here());
}

function parseCommon(stream: TokenStream, draft: Draft): boolean {
  switch (stream.peek()) {
    case 'prompt':
      stream.take();
      parsePrompt(stream, draft);
      return true;
    case 'depends':
      parseDepends(stream, draft);
      return true;
    case 'help':
      parseHelp(stream, draft);
      return true;
    default:
      return false;
  }
}

function parsePrompt(stream: TokenStream, draft: Draft): void {
  const text = stream.expectText('quoted', 'the prompt in quotes');
  const condition = parseCondition(stream, draft);
  draft.addPrompt('prompt', text, condition, stream.here());
  draft.addCondition('prompt', condition, stream.here());
}

function parseHelp(stream: TokenStream, { entry }: Draft): void {
  const { lexer } = stream;
  stream.take();
  stream.endStatement();
  lexer.startHelp();
  stream.expect('help text', 'help text');
  const name = entry.symbol?.name ?? '<choice>';
  if (entry.help !== null) stream.note(`'${name}' defined with more than one help text`, stream.here());
  if (lexer.isHelpBlank) stream.note(`'${name}' defined with blank help text`, stream.here());
  entry.help = lexer.help;
}

function markModules(stream: TokenStream, draft: Draft): void {
  const { symbol } = draft.entry;
  if (draft.modules) {
    const words = `symbol '${symbol?.name}' redefines option 'modules' already defined by symbol '${draft.modules.name}'`;
    stream.note(words, stream.here());
  }
  draft.modules = symbol;
}
