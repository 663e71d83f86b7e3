import { choiceDefault } from './choice.ts';
import type { Evaluation } from './evaluate.ts';
import { kind } from './expression.ts';
import { isChoice, isLogical, type KconfigSymbol, menusBelow } from './model.ts';
import { isChangeable } from './set-value.ts';
import { tristateLetters } from './values.ts';
import { formatAssignment } from './write.ts';

/**
 * The shortest `.config` that gives the same values: only what a user can change and what is not the default
 * (scripts/kconfig/confdata.c: conf_write_defconfig). `visit` sees each symbol once.
 */
export function formatDefconfig(evaluation: Evaluation, prefix: string, visit?: (symbol: KconfigSymbol) => void): string {
  const { model } = evaluation;
  const seen = new Uint8Array(model.symbols.length);
  let out = '';
  evaluation.invalidate();
  for (const { symbol } of menusBelow(model.root)) {
    if (!symbol || isChoice(symbol) || seen[symbol.id] === 1) continue;
    evaluation.calculate(symbol.id);
    visit?.(symbol);
    seen[symbol.id] = 1;
    if (evaluation.isWritten[symbol.id] === 0) continue;
    evaluation.isWritten[symbol.id] = 0;
    if (!isChangeable(evaluation, symbol)) continue;
    if (evaluation.valueOf(symbol.id) === defaultValue(evaluation, symbol)) continue;
    const isChosen = evaluation.tristates[symbol.id] === 2;
    if (symbol.choice && isChosen && choiceDefault(evaluation, symbol.choice) === symbol.id) continue;
    out += formatAssignment(evaluation, symbol, prefix);
  }
  return out;
}

/** A symbol's value if the user had said nothing (scripts/kconfig/symbol.c: sym_get_string_default). */
function defaultValue(evaluation: Evaluation, symbol: KconfigSymbol): string {
  const { model } = evaluation;
  const { id, type } = symbol;
  evaluation.calculateVisibility(id);
  evaluation.calculate(model.modules);
  const used = evaluation.findActive(symbol, 'default');
  if (!isLogical(type)) {
    let text = '';
    if (used && model.expressions.kind(used.expression) === kind.symbol) {
      const source = model.symbols[model.expressions.left(used.expression)] as KconfigSymbol;
      evaluation.calculate(source.id);
      text = evaluation.textOf(source);
    }
    return text !== '' ? text : type === 'int' ? '0' : type === 'hex' ? '0x0' : '';
  }
  let value = used ? Math.min(evaluation.evaluate(used.expression), evaluation.evaluate(used.visible)) : 0;
  value = Math.max(value, evaluation.reverse[id] as number);
  const hasModules = evaluation.tristates[model.modules] !== 0;
  if (value === 1 && (type === 'bool' || (!symbol.isMember && !hasModules))) value = 2;
  value = Math.max(value, evaluation.implied[id] as number);
  return tristateLetters[value] ?? 'n';
}
