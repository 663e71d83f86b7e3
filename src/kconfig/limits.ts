import { conditionsOf, placeOf } from './explain.ts';
import type { Evaluation } from './evaluate.ts';
import { limitingSymbols } from './limiting.ts';
import type { Condition, KconfigSymbol, Menu, Model } from './model.ts';
import { formatExpression, withValues } from './print-expression.ts';

/** A condition of a symbol. `text` is as it is written, `shown` has the values too. */
export type Limit = { symbol: string; text: string; shown: string; place: string };

/**
 * Conditions that keep a symbol from being `y`. Where one of them is about a symbol of `through`, what keeps that one
 * from being `y` is given in its place. None where nothing does, or where the symbol has no prompt.
 */
export function findLimits(evaluation: Evaluation, name: string, through: ReadonlySet<string>): Limit[] {
  const found = new Map<string, Limit>();
  collect(evaluation, name, new Set(through), found);
  return [...found.values()];
}

/**
 * All conditions of a symbol's prompts, whether they hold or not; where one does not, whoever selects the symbol all the
 * same.
 */
export function listConditions(evaluation: Evaluation, name: string): Limit[] {
  const conditions = promptsOf(evaluation.model, name).flatMap(conditionsOf);
  const selects = conditions.every(({ expression }) => evaluation.evaluate(expression) === 2) ? [] : listSelects(evaluation, name);
  return [...conditions.map((condition) => describe(evaluation, name, condition)), ...selects];
}

function listSelects(evaluation: Evaluation, name: string): Limit[] {
  const { symbols, expressions, names } = evaluation.model;
  const target = names.get(name);
  return symbols.flatMap((source) => source.properties.flatMap((property): Limit[] => {
    if (property.type !== 'select' || expressions.left(property.expression) !== target) return [];
    evaluation.calculate(source.id);
    const isActive = evaluation.tristates[source.id] !== 0 && evaluation.evaluate(property.visible) !== 0;
    const text = `selected by ${source.name}`;
    return isActive ? [{ symbol: name, text, shown: `${text} [=${evaluation.valueOf(source.id)}]`, place: placeOf(property) }] : [];
  }));
}

function collect(evaluation: Evaluation, name: string, through: Set<string>, found: Map<string, Limit>): void {
  const { model } = evaluation;
  through.delete(name);
  for (const menu of promptsOf(model, name)) {
    for (const condition of conditionsOf(menu)) {
      if (evaluation.evaluate(condition.expression) === 2) continue;
      const names = [...limitingSymbols(evaluation, condition.expression, 2)].map((id) => (model.symbols[id] as KconfigSymbol).name ?? '');
      const deeper = names.filter((other) => through.has(other));
      for (const other of deeper) collect(evaluation, other, through, found);
      if (deeper.length === names.length && names.length > 0) continue;
      const limit = describe(evaluation, name, condition);
      // That of a block around both symbols is one condition.
      const key = `${limit.place} ${limit.text}`;
      if (!found.has(key)) found.set(key, limit);
    }
  }
}

function promptsOf(model: Model, name: string): Menu[] {
  const id = model.names.get(name);
  return id === undefined ? [] : (model.symbols[id] as KconfigSymbol).menus.filter(({ prompt }) => prompt !== null);
}

const words: Record<Condition['kind'], string> = { depends: 'depends on', if: 'is inside if', prompt: 'has a prompt if', visible: 'is shown if' };

function describe(evaluation: Evaluation, symbol: string, condition: Condition): Limit {
  const { model } = evaluation;
  evaluation.evaluate(condition.expression);
  const text = `${words[condition.kind]} ${formatExpression(model, condition.expression, ({ name }) => name ?? '')}`;
  const show = withValues(evaluation);
  const shown = `${words[condition.kind]} ${formatExpression(model, condition.expression, (one) => (one.isConstant ? (one.name ?? '') : show(one)))}`;
  return { symbol, text, shown, place: placeOf(condition) };
}
