import type { Evaluation } from './evaluate.ts';
import { type ExpressionId, isComparison, kind, type SymbolId } from './expression.ts';
import type { Tristate } from './values.ts';

/** Symbols in those parts of an expression that keep it below the goal. */
export function* limitingSymbols(evaluation: Evaluation, id: ExpressionId, goal: Tristate): Generator<SymbolId> {
  const { expressions, symbols } = evaluation.model;
  if (evaluation.evaluate(id) >= goal) return;
  const of = expressions.kind(id);
  const left = expressions.left(id);
  const right = expressions.right(id);
  if (of === kind.symbol || isComparison(of)) {
    yield left;
    if (isComparison(of) && symbols[right]?.isConstant === false) yield right;
  } else if (of === kind.not) {
    yield* mentionedSymbols(evaluation, left);
  } else {
    yield* limitingSymbols(evaluation, left, goal);
    yield* limitingSymbols(evaluation, right, goal);
  }
}

function* mentionedSymbols(evaluation: Evaluation, id: ExpressionId): Generator<SymbolId> {
  const { expressions } = evaluation.model;
  const of = expressions.kind(id);
  const left = expressions.left(id);
  const right = expressions.right(id);
  if (of === kind.symbol || isComparison(of)) yield left;
  else yield* mentionedSymbols(evaluation, left);
  if (of === kind.and || of === kind.or) yield* mentionedSymbols(evaluation, right);
}
