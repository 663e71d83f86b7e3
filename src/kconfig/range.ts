import type { Evaluation } from './evaluate.ts';
import type { KconfigSymbol } from './model.ts';
import { parseNumber } from './values.ts';

/** The ends of a range; `lowest` and `highest` compute them when they are asked for. */
export type Limits = { low: KconfigSymbol; high: KconfigSymbol; lowest(): number | bigint; highest(): number | bigint };

/** The range of a number that holds now, if one does. Text that is no number counts as what is before it, as in C. */
export function activeLimits(evaluation: Evaluation, symbol: KconfigSymbol): Limits | null {
  const range = evaluation.findActive(symbol, 'range');
  if (!range) return null;
  const { expressions, symbols } = evaluation.model;
  const low = symbols[expressions.left(range.expression)] as KconfigSymbol;
  const high = symbols[expressions.right(range.expression)] as KconfigSymbol;
  const base = symbol.type === 'int' ? 10 : 16;
  return { low, high, lowest: () => numberOf(evaluation, low, base), highest: () => numberOf(evaluation, high, base) };
}

function numberOf(evaluation: Evaluation, symbol: KconfigSymbol, base: 10 | 16): number | bigint {
  evaluation.calculate(symbol.id);
  return parseNumber(evaluation.textOf(symbol), symbol.type === 'int' ? 10 : symbol.type === 'hex' ? 16 : base).value;
}
