import type { Draft } from './draft.ts';
import { type ExpressionId, kind, none, type SymbolId } from './expression.ts';
import type { TokenKind } from './lexer.ts';
import type { TokenStream } from './token-stream.ts';

/*
 * condition   : [ if disjunction ] end of line
 * disjunction : conjunction { || conjunction }
 * conjunction : factor { && factor }
 * factor      : ! factor | ( disjunction ) | value [ ( = | != | < | <= | > | >= ) value ]
 * value       : WORD | STRING
 */

const comparisons: Partial<Record<TokenKind, number>> = {
  '=': kind.equal, '!=': kind.unequal, '<': kind.less, '<=': kind.lessEqual, '>': kind.greater, '>=': kind.greaterEqual,
};

/** Far above what Kconfig files have; expressions are walked by recursion. */
const maxOperands = 4000;

/** An `if` and the end of the statement; {@link none} without an `if`. */
export function parseCondition(stream: TokenStream, draft: Draft): ExpressionId {
  const condition = stream.accept('if') ? parseExpression(stream, draft) : none;
  stream.endStatement();
  return condition;
}

export function parseExpression(stream: TokenStream, draft: Draft): ExpressionId {
  let left = parseConjunction(stream, draft);
  while (stream.accept('||')) left = draft.expressions.node(kind.or, left, parseConjunction(stream, draft));
  return left;
}

/** A symbol, or a constant in quotes. */
export function parseValue(stream: TokenStream, draft: Draft): SymbolId {
  if (++stream.operands > maxOperands) throw stream.error('the condition is too long', `at most ${maxOperands} operands`);
  if (stream.accept('quoted')) return draft.lookup(stream.lexer.value, true).id;
  return draft.lookup(stream.expectText('word', 'a symbol or a value in quotes')).id;
}

function parseConjunction(stream: TokenStream, draft: Draft): ExpressionId {
  let left = parseFactor(stream, draft);
  while (stream.accept('&&')) left = draft.expressions.node(kind.and, left, parseFactor(stream, draft));
  return left;
}

function parseFactor(stream: TokenStream, draft: Draft): ExpressionId {
  const { expressions } = draft;
  if (stream.accept('!')) return expressions.not(parseFactor(stream, draft));
  if (stream.accept('(')) {
    const inner = parseExpression(stream, draft);
    stream.expect(')', ')');
    return inner;
  }
  const left = parseValue(stream, draft);
  const comparison = comparisons[stream.peek()];
  if (comparison === undefined) return expressions.symbol(left);
  stream.take();
  return expressions.node(comparison, left, parseValue(stream, draft));
}
