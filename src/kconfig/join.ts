import { type ExpressionId, kind, moduleSymbol, none, noSymbol, type SymbolId, yesSymbol } from './expression.ts';
import type { KconfigSymbol } from './model.ts';
import type { Simplifier } from './simplify.ts';

/** One expression that says the same as `left || right`, or {@link none} (scripts/kconfig/expr.c: expr_join_or). */
export function joinOr(simplifier: Simplifier, left: ExpressionId, right: ExpressionId): ExpressionId {
  if (simplifier.isEqual(left, right)) return left;
  const symbol = sharedSymbol(simplifier, left, right);
  if (!symbol) return none;
  const { expressions } = simplifier;
  const kinds = [expressions.kind(left), expressions.kind(right)] as const;
  if (symbol.type === 'bool') {
    const negated = kinds[0] === kind.not ? left : right;
    const isOpposite = kinds.includes(kind.not) && kinds.includes(kind.symbol);
    return isOpposite && expressions.kind(expressions.left(negated)) === kind.symbol ? expressions.symbol(yesSymbol) : none;
  }
  if (kinds[0] !== kind.equal || kinds[1] !== kind.equal) return none;
  const missing = thirdValue(expressions.right(left), expressions.right(right));
  return missing === null ? none : expressions.node(kind.unequal, symbol.id, missing);
}

/** One expression that says the same as `left && right`, or {@link none} (scripts/kconfig/expr.c: expr_join_and). */
export function joinAnd(simplifier: Simplifier, left: ExpressionId, right: ExpressionId): ExpressionId {
  if (simplifier.isEqual(left, right)) return left;
  const symbol = sharedSymbol(simplifier, left, right);
  if (!symbol) return none;
  const { expressions } = simplifier;
  for (const [one, other] of [[left, right], [right, left]] as const) {
    if (expressions.kind(one) !== kind.symbol) continue;
    const [of, value] = [expressions.kind(other), expressions.right(other)];
    if (of === kind.equal && value === yesSymbol) return other;
    if (of === kind.unequal && value === noSymbol) return one;
    if (of === kind.unequal && value === moduleSymbol) return expressions.node(kind.equal, symbol.id, yesSymbol);
  }
  return symbol.type === 'tristate' ? joinTristates(simplifier, symbol, left, right) : none;
}

function joinTristates(simplifier: Simplifier, symbol: KconfigSymbol, left: ExpressionId, right: ExpressionId): ExpressionId {
  const { expressions, symbols } = simplifier;
  const kinds = [expressions.kind(left), expressions.kind(right)] as const;
  if (kinds[0] === kind.unequal && kinds[1] === kind.unequal) {
    const only = thirdValue(expressions.right(left), expressions.right(right));
    return only === null ? none : expressions.node(kind.equal, symbol.id, only);
  }
  if (!kinds.includes(kind.equal) || !kinds.includes(kind.unequal)) return none;
  const [is, isNot] = kinds[0] === kind.equal ? [left, right] : [right, left];
  const [value, excluded] = [expressions.right(is), expressions.right(isNot)];
  if (!symbols[value]?.isConstant || !symbols[excluded]?.isConstant) return none;
  return value === excluded ? expressions.symbol(noSymbol) : is;
}

/** The bool or tristate that both sides are about, where both are simple enough to be joined. */
function sharedSymbol(simplifier: Simplifier, left: ExpressionId, right: ExpressionId): KconfigSymbol | null {
  const [first, second] = [subject(simplifier, left, true), subject(simplifier, right, false)];
  if (first === null || first !== second) return null;
  const symbol = simplifier.symbols[first] as KconfigSymbol;
  return symbol.type === 'bool' || symbol.type === 'tristate' ? symbol : null;
}

/** On the right side a negated comparison has no subject; on the left one it has. */
function subject({ expressions }: Simplifier, id: ExpressionId, isComparisonNegatable: boolean): SymbolId | null {
  const of = expressions.kind(id);
  if (of === kind.equal || of === kind.unequal || of === kind.symbol) return expressions.left(id);
  if (of !== kind.not) return null;
  const inner = expressions.left(id);
  const innerKind = expressions.kind(inner);
  const isEquality = innerKind === kind.equal || innerKind === kind.unequal;
  return innerKind === kind.symbol || (isEquality && isComparisonNegatable) ? expressions.left(inner) : null;
}

function thirdValue(one: SymbolId, other: SymbolId): SymbolId | null {
  const isValue = (symbol: SymbolId) => symbol === noSymbol || symbol === moduleSymbol || symbol === yesSymbol;
  if (!isValue(one) || !isValue(other) || one === other) return null;
  return noSymbol + moduleSymbol + yesSymbol - one - other;
}
