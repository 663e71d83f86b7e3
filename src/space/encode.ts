import { none, type SymbolId } from '../kconfig/expression.ts';
import { isChoice, isLogical, type KconfigSymbol, type Menu, menusBelow, type Model } from '../kconfig/model.ts';
import { singleSymbol } from '../kconfig/plan.ts';
import { fails, holds, type Literal } from './cnf.ts';
import { ConeValues, never } from './cone-values.ts';

/**
 * A cone, exactly: whatever satisfies the clauses is what `conf` makes of the wishes, and the other way round
 * (scripts/kconfig/symbol.c: sym_calc_value). Left out are wishes that nobody needs: two members of one choice
 * at once, `n` for all members of a choice, and texts other than those named.
 */
export class Encoding extends ConeValues {
  /** Assumed, no symbol of the cone is selected against its dependencies: `conf` would warn of that. */
  readonly isSound: Literal;

  constructor(model: Model, roots: Iterable<string>, texts?: ReadonlyMap<string, ReadonlySet<string>>) {
    super(model, roots, texts);
    for (const id of this.cone) {
      const symbol = this.symbol(id);
      if (isLogical(symbol.type) && !symbol.isConstant && !symbol.choice) this.#define(symbol);
    }
    for (const choice of this.choices) this.#defineChoice(choice);
    this.isSound = this.cnf.fresh();
    for (const id of this.cone) this.#requireMet(this.symbol(id));
  }

  #define(symbol: KconfigSymbol): void {
    const { cnf } = this;
    const { id, type } = symbol;
    const value = this.level(id);
    if (type === 'unknown' || isChoice(symbol)) {
      cnf.require(-value.m);
      return;
    }
    const { reverse, implied, direct } = this.sources(symbol);
    const preset = this.preset(symbol);
    const unasked = {
      m: cnf.either(implied.m, cnf.and(cnf.or(preset.m, implied.m), direct.m), preset.m),
      y: cnf.either(implied.m, cnf.and(cnf.or(preset.y, implied.y), direct.y), preset.y),
    };
    const wish = this.wish(id);
    const visible = wish ? this.visible(id) : never;
    const counts = cnf.and(visible.m, wish?.asked ?? fails);
    const asked = wish ? { m: cnf.and(wish.level.m, visible.m), y: cnf.and(wish.level.y, visible.y) } : never;
    const level = this.widen(
      {
        m: cnf.or(reverse.m, cnf.either(counts, asked.m, unasked.m)),
        y: cnf.or(reverse.y, cnf.either(counts, asked.y, unasked.y)),
      },
      symbol,
    );
    cnf.equate(value.m, level.m);
    cnf.equate(value.y, level.y);
  }

  #requireMet(symbol: KconfigSymbol): void {
    if (!isLogical(symbol.type) || symbol.isConstant || symbol.choice || symbol.reverseDependency === none) return;
    const { reverse, direct } = this.sources(symbol);
    this.cnf.require(-this.isSound, -reverse.m, direct.m);
    this.cnf.require(-this.isSound, -reverse.y, direct.y);
  }

  /** Which member is `y` (scripts/kconfig/symbol.c: sym_calc_choice). */
  #defineChoice(choice: Menu): void {
    const { cnf } = this;
    const members = [...menusBelow(choice)].flatMap(({ symbol }) => (symbol ? [symbol.id] : []));
    const picks = new Map(members.map((id) => [id, this.#picked(id)]));
    cnf.atMostOne(members.map((id) => this.#wantsYes(id)));
    const isPicked = cnf.or(...picks.values());
    const presets = this.#choiceDefaults(choice, members);
    const refused = cnf.or(...members.map((id) => cnf.and(presets.get(id) ?? fails, this.#wantsNo(id))));
    let isFree: Literal = holds;
    for (const id of members) {
      const visible = this.visible(id).m;
      const unasked = cnf.and(visible, -(this.wish(id)?.asked ?? fails));
      const chosen = cnf.or(picks.get(id) ?? fails, cnf.and(-isPicked, cnf.either(refused, cnf.and(isFree, unasked), presets.get(id) ?? fails)));
      const value = this.level(id);
      cnf.equate(value.m, cnf.and(chosen, visible));
      if (value.y !== value.m) cnf.equate(value.y, value.m);
      isFree = cnf.and(isFree, -unasked);
    }
    // With `n` for every visible member the order of the file would decide.
    cnf.require(isPicked, -refused, -isFree);
  }

  /** The first visible default, else the first visible member; at most one of them holds. */
  #choiceDefaults(choice: Menu, members: readonly SymbolId[]): Map<SymbolId, Literal> {
    const { cnf } = this;
    const found = new Map<SymbolId, Literal>();
    let rest: Literal = holds;
    const add = (id: SymbolId, condition: Literal) => {
      found.set(id, cnf.or(found.get(id) ?? fails, cnf.and(rest, condition)));
      rest = cnf.and(rest, -condition);
    };
    for (const { type, visible, expression } of choice.symbol?.properties ?? []) {
      const target = type === 'default' ? singleSymbol(this.model.expressions, expression) : null;
      if (target !== null) add(target, cnf.and(this.expression(visible).m, this.visible(target).m));
    }
    for (const id of members) add(id, this.visible(id).m);
    return found;
  }

  #wantsYes(id: SymbolId): Literal {
    const wish = this.wish(id);
    return wish ? this.cnf.and(wish.asked, wish.level.y) : fails;
  }

  #wantsNo(id: SymbolId): Literal {
    const wish = this.wish(id);
    return wish ? this.cnf.and(wish.asked, -wish.level.m) : fails;
  }

  #picked(id: SymbolId): Literal {
    return this.cnf.and(this.#wantsYes(id), this.visible(id).m);
  }
}
