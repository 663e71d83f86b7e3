import type { SymbolId } from '../kconfig/expression.ts';
import { isLogical } from '../kconfig/model.ts';
import { fails, type Literal } from './cnf.ts';
import { type ConeValues, unquote } from './cone-values.ts';
import type { Request } from './requests.ts';

/** That a symbol has a value; null where the architecture does not know the symbol, and it is not `n` that is wanted. */
export function valueLiterals(encoding: ConeValues, { symbol, value }: Request): Literal[] | null {
  const id = encoding.model.names.get(symbol);
  const type = id === undefined ? 'unknown' : encoding.symbol(id).type;
  if (id === undefined || type === 'unknown' || encoding.symbol(id).isTransitional) return value === 'n' ? [] : null;
  if (isLogical(type)) {
    const { m, y } = encoding.level(id);
    return value === 'y' ? [y] : value === 'm' ? [m, -y] : [-m];
  }
  return [encoding.values(id).get(unquote(value)) ?? fails, encoding.written(id)];
}

/** That a symbol is asked for with a value; null where it cannot be asked for. */
export function wishLiterals(encoding: ConeValues, id: SymbolId, value: string): Literal[] | null {
  const wish = encoding.wish(id);
  if (wish === null) return null;
  if (!isLogical(encoding.symbol(id).type)) return [wish.asked, wish.texts.get(value) ?? fails];
  const { m, y } = wish.level;
  return [wish.asked, ...(value === 'y' ? [y] : value === 'm' ? [m, -y] : [-m])];
}
