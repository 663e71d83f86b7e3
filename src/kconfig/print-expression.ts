import type { Evaluation } from './evaluate.ts';
import { type ExpressionId, isComparison, kind, none, type SymbolId } from './expression.ts';
import type { KconfigSymbol, Model } from './model.ts';
import type { Tristate } from './values.ts';

const operators: Record<number, string> = {
  [kind.equal]: '=', [kind.unequal]: '!=', [kind.less]: '<', [kind.lessEqual]: '<=', [kind.greater]: '>', [kind.greaterEqual]: '>=',
};

/** How an expression's symbols are shown. */
export type SymbolFormat = (symbol: KconfigSymbol) => string;

/** Writes an expression as Kconfig would, with the parentheses that `conf` sets (scripts/kconfig/expr.c: expr_print). */
export function formatExpression(model: Model, id: ExpressionId, format: SymbolFormat, outer = 0): string {
  if (id === none) return 'y';
  const { expressions } = model;
  const of = expressions.kind(id);
  const left = expressions.left(id);
  const right = expressions.right(id);
  const show = (symbol: SymbolId) => formatName(model.symbols[symbol] as KconfigSymbol, format);
  let text: string;
  if (of === kind.symbol) text = show(left);
  else if (of === kind.not) text = `!${formatExpression(model, left, format, kind.not)}`;
  else if (isComparison(of)) text = `${show(left)}${operators[of]}${show(right)}`;
  else if (of === kind.range) text = `[${show(left)} ${show(right)}]`;
  else {
    const [one, other] = [formatExpression(model, left, format, of), formatExpression(model, right, format, of)];
    text = `${one} ${of === kind.or ? '||' : '&&'} ${other}`;
  }
  return needsParentheses(outer, of) ? `(${text})` : text;
}

/** Symbols with their values, `FOO [=y]`, as messages show them. */
export function withValues(evaluation: Evaluation): SymbolFormat {
  return (symbol) => {
    if (symbol.type === 'unknown') return symbol.name ?? '';
    return `${symbol.name} [=${evaluation.valueOf(symbol.id)}]`;
  };
}

/** The operands of `||` whose value is `value`, a line each, under a title. */
export function formatReasons(evaluation: Evaluation, id: ExpressionId, value: Tristate, title: string): string {
  const { model } = evaluation;
  const lines: string[] = [];
  for (const operand of alternatives(model, id)) {
    if (evaluation.evaluate(operand) !== value) continue;
    lines.push(`  - ${formatExpression(model, operand, withValues(evaluation))}\n`);
  }
  return lines.length > 0 ? title + lines.join('') : '';
}

/** The operands of an expression's outermost `||`, from left to right. */
export function alternatives({ expressions }: Model, id: ExpressionId): ExpressionId[] {
  const found: ExpressionId[] = [];
  const waiting = [id];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (expressions.kind(next) === kind.or) waiting.push(expressions.right(next), expressions.left(next));
    else found.push(next);
  }
  return found;
}

/** The warning for a symbol that is selected against its dependencies (scripts/kconfig/symbol.c). */
export function formatUnmetDependency(evaluation: Evaluation, symbol: KconfigSymbol): string {
  const letter = evaluation.direct[symbol.id] === 1 ? 'm' : 'n';
  const depends = formatExpression(evaluation.model, symbol.directDependency, withValues(evaluation));
  return (
    `\nWARNING: unmet direct dependencies detected for ${symbol.name}\n  Depends on [${letter}]: ${depends}\n` +
    formatReasons(evaluation, symbol.reverseDependency, 2, '  Selected by [y]:\n') +
    formatReasons(evaluation, symbol.reverseDependency, 1, '  Selected by [m]:\n')
  );
}

function formatName(symbol: KconfigSymbol, format: SymbolFormat): string {
  return symbol.name === null ? '<choice>' : format(symbol);
}

/** `||` inside `&&`, and either inside `!`, need parentheses; comparisons bind closest. */
function needsParentheses(outer: number, inner: number): boolean {
  const rank = (of: number) => (isComparison(of) ? 4 : of === kind.not ? 3 : of === kind.and ? 2 : of === kind.or ? 1 : 0);
  return outer !== 0 && outer !== inner && rank(inner) > 0 && rank(outer) > rank(inner);
}
