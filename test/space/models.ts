import { isChoice, isLogical, type Model } from '../../src/kconfig/model.ts';
import type { Resolver } from '../../src/kconfig/resolver.ts';
import { tristateLetters } from '../../src/kconfig/values.ts';
import { fails, holds, type Literal } from '../../src/space/cnf.ts';
import type { ConeValues } from '../../src/space/cone-values.ts';
import type { Solver } from '../../src/space/solver.ts';

/** All symbols that a model defines. */
export function namesOf(model: Model): string[] {
  return model.symbols.flatMap(({ name, type, isConstant }) => (name === null || isConstant || type === 'unknown' ? [] : [name]));
}

/** Bools and tristates that can be asked for, and what says that they are; null: that they are not. */
export function wishesOf(encoding: ConeValues): { name: string; isBool: boolean; literals: (value: string | null) => Literal[] }[] {
  return encoding.cone.flatMap((id) => {
    const wish = encoding.wish(id);
    const { name, type } = encoding.symbol(id);
    if (!wish || name === null || !isLogical(type)) return [];
    const { m, y } = wish.level;
    return [{
      name,
      isBool: type === 'bool',
      literals: (value) => (value === null ? [-wish.asked] : [wish.asked, ...(value === 'y' ? [y] : value === 'm' ? [m, -y] : [-m])]),
    }];
  });
}

/**
 * Holds the solver's last model against the evaluator, symbol for symbol: the resolver gets the model's wishes, unless
 * it has some already. Gives the differences.
 */
export function compareModel(encoding: ConeValues, solver: Solver, resolver: Resolver): string[] {
  const { cone } = encoding;
  const wishes = cone.flatMap((id) => encoding.wish(id) ?? []);
  const levels = [...wishes.map(({ level }) => level), ...cone.map((id) => encoding.level(id))];
  const asked = [...wishes.map((wish) => wish.asked), ...levels.flatMap(({ m, y }) => [m, y])].filter((literal) => Math.abs(literal) !== holds);
  const values = cone.flatMap((id) => (isLogical(encoding.symbol(id).type) ? [] : [...encoding.values(id).values()])).filter((literal) => Math.abs(literal) !== holds);
  const model = solver.model([...asked, ...values]);
  const isTrue = (literal: Literal) => literal !== fails && (literal === holds || model.has(literal));
  const letter = ({ m, y }: { m: Literal; y: Literal }) => tristateLetters[isTrue(y) ? 2 : isTrue(m) ? 1 : 0];
  if (resolver.diff().length === 0) {
    const wanted = cone.flatMap((id) => {
      const wish = encoding.wish(id);
      return wish && isTrue(wish.asked) && isLogical(encoding.symbol(id).type) ? [[encoding.symbol(id).name ?? '', letter(wish.level)] as const] : [];
    });
    // The last word in a choice counts most.
    for (const value of tristateLetters) for (const [name, wish] of wanted) if (wish === value) resolver.set(name, wish);
  }
  const evaluation = resolver.evaluation();
  return cone.flatMap((id) => {
    const symbol = encoding.symbol(id);
    if (isChoice(symbol) || symbol.isConstant || symbol.type === 'unknown') return [];
    evaluation.calculate(id);
    const real = evaluation.valueOf(id);
    const modelled = isLogical(symbol.type) ? letter(encoding.level(id)) : [...encoding.values(id)].find(([, literal]) => isTrue(literal))?.[0];
    return modelled === real ? [] : [`${symbol.name}: the solver has ${modelled}, the evaluator ${real}`];
  });
}
