import { moveMember } from './choice.ts';
import type { SymbolId } from './expression.ts';
import type { Evaluation } from './evaluate.ts';
import { isChoice, isLogical, type KconfigSymbol, type Menu, menusBelow } from './model.ts';
import { activeLimits } from './range.ts';
import { isValidValue, parseNumber, parseTristate, type Tristate } from './values.ts';

/** Whether a user's word counts at all: the prompt is visible, and no select decides. */
export function isChangeable(evaluation: Evaluation, symbol: KconfigSymbol): boolean {
  return !isChoice(symbol) && (evaluation.visible[symbol.id] as number) > (evaluation.reverse[symbol.id] as number);
}

/** Whether a user may set this value now (scripts/kconfig/symbol.c: sym_tristate_within_range). */
export function canSetTristate(evaluation: Evaluation, symbol: KconfigSymbol, value: Tristate): boolean {
  const [visible, reverse] = [evaluation.visible[symbol.id] as number, evaluation.reverse[symbol.id] as number];
  const type = evaluation.typeOf(symbol);
  if (visible === 0 || !isLogical(type) || (type === 'bool' && value === 1) || visible <= reverse) return false;
  return value >= reverse && value <= visible;
}

/** Sets what a user can set; false, and nothing done, where they cannot. */
export function setTristate(evaluation: Evaluation, symbol: KconfigSymbol, value: Tristate): boolean {
  if (!canSetTristate(evaluation, symbol, value)) return false;
  const before = evaluation.tristates[symbol.id];
  evaluation.userTristates[symbol.id] = value;
  evaluation.hasUser[symbol.id] = 1;
  if (before !== value) evaluation.invalidate();
  return true;
}

/** Sets a value given as text; hexadecimal gets its `0x`. False where the type or the range forbids it. */
export function setText(evaluation: Evaluation, symbol: KconfigSymbol, text: string): boolean {
  const { id, type } = symbol;
  if (isLogical(type)) {
    const value = parseTristate(text);
    return value !== null && setTristate(evaluation, symbol, value);
  }
  if (!isWithinRange(evaluation, symbol, text)) return false;
  const full = type === 'hex' && !/^0[xX]/.test(text) ? `0x${text}` : text;
  if (evaluation.hasUser[id] === 1 && full === text && evaluation.userTexts[id] === text) return true;
  evaluation.hasUser[id] = 1;
  evaluation.userTexts[id] = full;
  evaluation.invalidate();
  return true;
}

/** Makes one visible member of a choice `y` and the others `n`; the last word counts most. */
export function setChoice(evaluation: Evaluation, choice: Menu, chosen: SymbolId): void {
  let hasChanged = false;
  for (const { symbol } of menusBelow(choice)) {
    if (!symbol || evaluation.visible[symbol.id] === 0) continue;
    const value = symbol.id === chosen ? 2 : 0;
    if (evaluation.tristates[symbol.id] !== value) hasChanged = true;
    evaluation.userTristates[symbol.id] = value;
    evaluation.hasUser[symbol.id] = 1;
    moveMember(evaluation, choice, symbol.id, 'first');
  }
  if (hasChanged) evaluation.invalidate();
}

function isWithinRange(evaluation: Evaluation, symbol: KconfigSymbol, text: string): boolean {
  if (!isValidValue(symbol.type, text)) return false;
  if (symbol.type === 'string') return true;
  const limits = activeLimits(evaluation, symbol);
  if (!limits) return true;
  const { value } = parseNumber(text, symbol.type === 'int' ? 10 : 16);
  return value >= limits.lowest() && value <= limits.highest();
}
