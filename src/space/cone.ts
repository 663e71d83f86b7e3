import { type ExpressionId, isComparison, kind, none, type SymbolId, yesSymbol } from '../kconfig/expression.ts';
import { isChoice, type KconfigSymbol, menusBelow, type Model } from '../kconfig/model.ts';

/**
 * Every symbol on which the value of one of the roots can depend: through prompts, defaults, ranges, `depends on`, and
 * whoever selects or implies it; a member of a choice depends on the others. Names that the model does not define
 * have no cone; MODULES is always part of it. In the order of their ids.
 */
export function findCone(model: Model, roots: Iterable<string>): SymbolId[] {
  const walk = new Walk(model);
  // Without MODULES a tristate is a bool.
  if (model.modules > yesSymbol) walk.meet(model.modules);
  for (const name of roots) {
    const id = model.names.get(name);
    if (id !== undefined) walk.meet(id);
  }
  return walk.finish();
}

class Walk {
  readonly #model: Model;
  readonly #symbols: Uint8Array;
  readonly #expressions: Uint8Array;
  readonly #open: SymbolId[] = [];

  constructor(model: Model) {
    this.#model = model;
    this.#symbols = new Uint8Array(model.symbols.length);
    this.#expressions = new Uint8Array(model.expressions.count);
  }

  meet(id: SymbolId): void {
    if (this.#symbols[id] === 1) return;
    this.#symbols[id] = 1;
    this.#open.push(id);
  }

  finish(): SymbolId[] {
    for (let id = this.#open.pop(); id !== undefined; id = this.#open.pop()) this.#follow(this.#model.symbols[id] as KconfigSymbol);
    return [...this.#symbols.keys()].filter((id) => this.#symbols[id] === 1);
  }

  #follow(symbol: KconfigSymbol): void {
    for (const id of [symbol.directDependency, symbol.reverseDependency, symbol.impliedBy]) this.#enter(id);
    for (const { type, visible, expression } of symbol.properties) {
      if (type === 'select' || type === 'imply') continue;
      this.#enter(visible);
      this.#enter(expression);
    }
    if (symbol.choice?.symbol) this.meet(symbol.choice.symbol.id);
    const [menu] = symbol.menus;
    if (!isChoice(symbol) || !menu) return;
    for (const member of menusBelow(menu)) if (member.symbol) this.meet(member.symbol.id);
  }

  #enter(id: ExpressionId): void {
    if (id === none || this.#expressions[id] === 1) return;
    this.#expressions[id] = 1;
    const { expressions } = this.#model;
    const of = expressions.kind(id);
    const enter = of === kind.symbol || of === kind.range || isComparison(of) ? (side: number) => this.meet(side) : (side: number) => this.#enter(side);
    enter(expressions.left(id));
    if (of !== kind.symbol && of !== kind.not) enter(expressions.right(id));
  }
}
