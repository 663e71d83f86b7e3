import type { Draft } from './draft.ts';
import { kind } from './expression.ts';
import { findChoice, isChoice, isLogical, type KconfigSymbol, type Menu, type Property } from './model.ts';
import { isValidValue } from './values.ts';

/** Warns of properties that do not fit their symbol (scripts/kconfig/menu.c: sym_check_prop). */
export function checkProperties(draft: Draft, menu: Menu, symbol: KconfigSymbol): void {
  if (symbol.type === 'unknown') draft.warn(menu, 'config symbol defined without type');
  for (const property of symbol.properties) {
    for (const words of complaints(draft, symbol, property)) draft.warn(property, words);
  }
}

function* complaints(draft: Draft, symbol: KconfigSymbol, property: Property): Generator<string> {
  const { expressions, symbols } = draft;
  const isSingle = expressions.kind(property.expression) === kind.symbol;
  const target = symbols[expressions.left(property.expression)] as KconfigSymbol;
  switch (property.type) {
    case 'default':
      if (!isSingle) {
        if (symbol.type === 'string' || isNumber(symbol)) yield `default for config symbol '${symbol.name}' must be a single symbol`;
        return;
      }
      if (isNumber(symbol) && !fitsNumber(symbol, target)) yield `'${symbol.name}': number is invalid`;
      if (isChoice(symbol) && findChoice(target)?.symbol !== symbol) {
        yield `choice default symbol '${target.name}' is not contained in the choice`;
      }
      return;
    case 'select':
    case 'imply':
      if (!isLogical(symbol.type)) {
        yield `config symbol '${symbol.name}' uses ${property.type}, but is not bool or tristate`;
      } else if (target.type !== 'unknown' && !isLogical(target.type)) {
        yield `'${target.name}' has wrong type. '${property.type}' only accept arguments of bool and tristate type`;
      }
      return;
    case 'range': {
      const high = symbols[expressions.right(property.expression)] as KconfigSymbol;
      if (!isNumber(symbol)) yield 'range is only allowed for int or hex symbols';
      if (!fitsNumber(symbol, target) || !fitsNumber(symbol, high)) yield 'range is invalid';
      return;
    }
    default:
  }
}

function isNumber({ type }: KconfigSymbol): boolean {
  return type === 'int' || type === 'hex';
}

function fitsNumber(symbol: KconfigSymbol, value: KconfigSymbol): boolean {
  return isNumber(value) || (value.type === 'unknown' && isValidValue(symbol.type, value.name ?? ''));
}
