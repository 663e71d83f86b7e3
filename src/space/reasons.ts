import { conditionsOf, placeOf } from '../kconfig/explain.ts';
import { type Condition, isLogical, type KconfigSymbol, type Menu, menusBelow, type Model } from '../kconfig/model.ts';
import { formatExpression } from '../kconfig/print-expression.ts';
import { none, type SymbolId } from '../kconfig/expression.ts';
import type { Literal } from './cnf.ts';
import { always, ConeValues } from './cone-values.ts';
import { Solver, type Z3 } from './solver.ts';

/** A statement of the tree that takes part in a contradiction: `init/Kconfig:2265`, `RUST depends on …`. */
export type Rule = { place: string; text: string };

/** A rule that counts while its guard holds. */
type GuardedRule = Rule & { guard: Literal };

/** What has to hold, and its name for the answer. */
export type Demand = { label: string; literals: readonly Literal[] };

/**
 * The rules of a cone, each under a guard of its own, so that a contradiction can be traced to the lines that make it.
 * Each rule is necessary, all of them together are not always sufficient: what they allow may still be impossible.
 */
export class Reasons extends ConeValues {
  readonly rules: GuardedRule[] = [];
  readonly #solver: Solver;
  /** Names of those that select or imply a symbol. */
  readonly #selectors = new Map<SymbolId, string[]>();

  constructor(z3: Z3, model: Model, roots: Iterable<string>, texts?: ReadonlyMap<string, ReadonlySet<string>>) {
    super(model, roots, texts);
    for (const id of this.cone) this.#noteSelects(this.symbol(id));
    for (const id of this.cone) {
      const symbol = this.symbol(id);
      if (!isLogical(symbol.type) || symbol.isConstant || symbol.name === null) continue;
      this.#addConditions(symbol);
      if (symbol.choice) continue;
      this.#addModules(symbol);
      this.#addSelects(symbol);
      this.#addOrigins(symbol);
    }
    for (const choice of this.choices) this.#addChoice(choice);
    this.#solver = new Solver(z3, this.cnf);
  }

  /**
   * Which of the demands contradict each other, and by which rules: none of them can be left out. Earlier demands are
   * kept where there is a choice. Null where the rules do not contradict them.
   */
  explain(demands: readonly Demand[]): { demands: Demand[]; rules: Rule[] } | null {
    let rules: readonly GuardedRule[] = this.rules;
    let kept = demands;
    if (!this.#contradict(kept, rules)) return null;
    [kept, rules] = this.#narrow(kept, rules);
    for (const demand of kept.toReversed()) {
      const without = kept.filter((other) => other !== demand);
      if (this.#contradict(without, rules)) kept = without;
    }
    for (const rule of rules) {
      if (!rules.includes(rule)) continue;
      const without: readonly GuardedRule[] = rules.filter((other) => other !== rule);
      if (this.#contradict(kept, without)) rules = this.#narrow(kept, without)[1];
    }
    return { demands: [...kept], rules: rules.map(({ place, text }) => ({ place, text })) };
  }

  /** Gives the solver's memory back. */
  close(): void {
    this.#solver.close();
  }

  #contradict(demands: readonly Demand[], rules: readonly GuardedRule[]): boolean {
    return !this.#solver.isPossible(literalsOf(demands, rules));
  }

  /** Those that z3 used for its last "no", if they are enough on their own. */
  #narrow(demands: readonly Demand[], rules: readonly GuardedRule[]): [readonly Demand[], readonly GuardedRule[]] {
    const core = new Set(this.#solver.core(literalsOf(demands, rules)));
    const used = [demands.filter(({ literals }) => literals.some((literal) => core.has(literal))), rules.filter(({ guard }) => core.has(guard))] as const;
    return this.#contradict(...used) ? [...used] : [demands, rules];
  }

  /** `depends on` and `if`, its own and those around it; of a choice's member also the prompt's. */
  #addConditions(symbol: KconfigSymbol): void {
    const { cnf } = this;
    const value = this.level(symbol.id);
    const { reverse } = this.sources(symbol);
    const isAsked = symbol.choice !== null || this.#onlyAsked(symbol);
    const counts = (menu: Menu) => conditionsOf(menu).filter(({ kind }) => isAsked || kind === 'depends' || kind === 'if');
    const [menu, ...others] = symbol.menus;
    if (!menu) return;
    if (others.length > 0) {
      const any = symbol.menus.map((place) => cnf.and(...counts(place).map(({ expression }) => this.expression(expression).m)));
      const texts = symbol.menus.map((place) => counts(place).map(({ expression }) => this.#format(expression)).join(' && ') || 'y');
      this.#add(placeOf(menu), `${symbol.name} depends on ${texts.join(', or on ')}`, [[-value.m, reverse.m, ...any]]);
      return;
    }
    for (const condition of counts(menu)) {
      const level = this.widen(this.expression(condition.expression), symbol);
      const text = `${symbol.name} ${words[condition.kind]} ${this.#format(condition.expression)}`;
      this.#add(placeOf(condition), text, [[-value.m, reverse.m, level.m], [-value.y, reverse.y, level.y]]);
    }
  }

  #addModules({ id, name, type, menus: [menu] }: KconfigSymbol): void {
    if (type !== 'tristate' || !menu) return;
    const { m, y } = this.level(id);
    const modules = this.symbol(this.model.modules).name ?? '';
    this.#add(placeOf(menu), `${name} is a tristate: m takes ${modules}`, [[-m, y, this.modules()]]);
  }

  /** Whether only a user can give it a value: no default, select or imply does. */
  #onlyAsked({ properties, reverseDependency, impliedBy, menus }: KconfigSymbol): boolean {
    return menus.length === 1 && reverseDependency === 0 && impliedBy === 0 && properties.every(({ type }) => type !== 'default');
  }

  #addSelects(target: KconfigSymbol): void {
    const value = this.level(target.id);
    const { expressions } = this.model;
    if (target.isMember || target.reverseDependency === 0) return;
    for (const id of this.cone) {
      const source = this.symbol(id);
      for (const property of source.properties) {
        if (property.type !== 'select' || expressions.left(property.expression) !== target.id) continue;
        // Without an `if` of its own it holds wherever its symbol does, unless that was selected itself.
        const isPlain = property.visible === property.menu.dependency && source.reverseDependency === 0 && source.menus.length === 1;
        const [from, exact] = [this.level(id), this.expression(property.visible)];
        const when = { m: isPlain ? always.m : exact.m, y: exact.y };
        this.#add(placeOf(property), `${source.name} selects ${target.name}`, [[-from.m, -when.m, value.m], [-from.y, -when.y, value.y]]);
      }
    }
  }

  /** Where a value can come from, and defaults that hold wherever nobody can ask for anything else. */
  #addOrigins(symbol: KconfigSymbol): void {
    const { cnf } = this;
    const { id, name, menus: [menu] } = symbol;
    if (!menu) return;
    const value = this.level(id);
    const { reverse, implied } = this.sources(symbol);
    const preset = this.preset(symbol);
    const wish = this.wish(id);
    const visible = wish ? this.visible(id).m : -1;
    const sources = this.#sourcesOf(symbol);
    const how = wish ? `can be set where its prompt is visible, or by ${sources}` : `has no prompt: only ${sources} can set it`;
    this.#add(placeOf(menu), `${name} ${how}`, [[-value.m, reverse.m, implied.m, visible, preset.m]]);
    const isFree = wish ? cnf.and(visible, wish.asked) : -1;
    const defaults = symbol.properties.filter(({ type }) => type === 'default');
    if (defaults[0] === undefined) return;
    const texts = defaults.map(({ expression, visible: when }) => `${this.#format(expression)}${when === none ? '' : ` if ${this.#format(when)}`}`);
    this.#add(placeOf(defaults[0]), `${name} is ${texts.join(', else ')} unless set`, [[isFree, implied.m, -preset.m, value.m], [isFree, implied.m, -preset.y, value.y]]);
  }

  #noteSelects({ name, properties }: KconfigSymbol): void {
    for (const { type, expression } of properties) {
      const target = this.model.expressions.left(expression);
      if (type === 'select' || type === 'imply') this.#selectors.set(target, [...(this.#selectors.get(target) ?? []), name ?? '']);
    }
  }

  /** Who can give a symbol a value, in words: its own default, and those that select or imply it. */
  #sourcesOf({ id, properties }: KconfigSymbol): string {
    const others = this.#selectors.get(id) ?? [];
    const named = others.length > shownSources ? [...others.slice(0, shownSources), `${others.length - shownSources} others`] : others;
    const all = [...(properties.some(({ type }) => type === 'default') ? ['a default'] : []), ...named];
    return all.length === 0 ? 'nothing' : all.join(', ');
  }

  #addChoice(choice: Menu): void {
    const members = [...menusBelow(choice)].flatMap(({ symbol }) => symbol ?? []);
    const names = members.map(({ name }) => name).join(', ');
    const values = members.map(({ id }) => this.level(id).y);
    const pairs = values.flatMap((one, index) => values.slice(index + 1).map((other) => [-one, -other]));
    this.#add(placeOf(choice), `only one of ${names} can be y`, pairs);
    this.#add(placeOf(choice), `one of ${names} is y`, members.map(({ id }) => [-this.visible(id).m, ...values]));
  }

  #add(place: string, text: string, clauses: readonly (readonly Literal[])[]): void {
    const guard = this.cnf.fresh();
    this.rules.push({ guard, place, text });
    for (const clause of clauses) this.cnf.require(-guard, ...clause);
  }

  #format(id: number): string {
    return formatExpression(this.model, id, ({ name }) => name ?? '');
  }
}

/** So many of those that select a symbol are named. */
const shownSources = 4;

const words: Record<Condition['kind'], string> = { depends: 'depends on', if: 'is inside if', prompt: 'has a prompt if', visible: 'is shown if' };

function literalsOf(demands: readonly Demand[], rules: readonly GuardedRule[]): Literal[] {
  return [...demands.flatMap(({ literals }) => literals), ...rules.map(({ guard }) => guard)];
}
