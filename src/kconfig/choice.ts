import { kind, type SymbolId } from './expression.ts';
import type { Evaluation } from './evaluate.ts';
import { type Menu, menusBelow } from './model.ts';

/**
 * Decides which member of a choice is `y`: the one that the user set last, else the default, else the first without
 * a word from the user, else the last in order (scripts/kconfig/symbol.c: sym_calc_choice). Null where none is visible.
 */
export function resolveChoice(evaluation: Evaluation, choice: Menu): SymbolId | null {
  const { visible, tristates, isWritten } = evaluation;
  const chosen = choose(evaluation, choice);
  for (const { symbol } of menusBelow(choice)) {
    if (!symbol || visible[symbol.id] === 0) continue;
    tristates[symbol.id] = symbol.id === chosen ? 2 : 0;
    isWritten[symbol.id] = 1;
    evaluation.markValid(symbol.id);
  }
  return chosen;
}

function choose(evaluation: Evaluation, choice: Menu): SymbolId | null {
  const { visible, hasUser, userTristates } = evaluation;
  const members = evaluation.priorities.get(choice) ?? [];
  for (const id of members) {
    evaluation.calculateVisibility(id);
    if (visible[id] !== 0 && hasUser[id] === 1 && userTristates[id] === 2) return id;
  }
  const preset = choiceDefault(evaluation, choice);
  if (preset !== null && !(hasUser[preset] === 1 && userTristates[preset] === 0)) return preset;
  for (const { symbol } of menusBelow(choice)) {
    if (symbol && visible[symbol.id] !== 0 && hasUser[symbol.id] === 0) return symbol.id;
  }
  return members.findLast((id) => visible[id] !== 0) ?? null;
}

/** The first visible default, else the first visible member. */
export function choiceDefault(evaluation: Evaluation, choice: Menu): SymbolId | null {
  const { expressions } = evaluation.model;
  const { visible } = evaluation;
  for (const { type, visible: condition, expression } of choice.symbol?.properties ?? []) {
    if (type !== 'default' || expressions.kind(expression) !== kind.symbol) continue;
    if (evaluation.evaluate(condition) !== 0 && visible[expressions.left(expression)] !== 0) return expressions.left(expression);
  }
  for (const { symbol } of menusBelow(choice)) if (symbol && visible[symbol.id] !== 0) return symbol.id;
  return null;
}

/** Puts a member before, or behind, all others of its choice. */
export function moveMember(evaluation: Evaluation, choice: Menu, id: SymbolId, where: 'first' | 'last'): void {
  const others = (evaluation.priorities.get(choice) ?? []).filter((member) => member !== id);
  evaluation.priorities.set(choice, where === 'first' ? [id, ...others] : [...others, id]);
}
