import { type Config, formatFragment, parseConfig } from '../kconfig/config.ts';
import { isLogical, type KconfigSymbol, menusBelow, type Model } from '../kconfig/model.ts';
import { type Assignment, Resolver } from '../kconfig/resolver.ts';
import { isChangeable } from '../kconfig/set-value.ts';
import { isValidValue } from '../kconfig/values.ts';
import { quote } from '../kconfig/write.ts';
import { hashText } from '../util/hash.ts';
import { answer, narrow } from './narrow.ts';

/** An assignment of the failing configuration, and the base's value of the same symbol; `n` where it has none. */
export type Element = Assignment & { base: string };

/**
 * What tells a failing configuration from a base: assignments that, on top of those of the base, resolve to the failing
 * configuration. Everything is resolved by our evaluator, so that dependencies hold, and what follows from other
 * assignments is none itself. Texts hold one character a byte.
 */
export class Difference {
  /** In the order of the menus. */
  readonly elements: readonly Element[];
  readonly #base: readonly Assignment[];
  readonly #resolver: Resolver;
  readonly #order: ReadonlyMap<string, number>;
  readonly #completed = new Map<Element, readonly Element[]>();

  /** @param failing a `.config` text, or a fragment */
  constructor(model: Model, base: readonly Assignment[], failing: string) {
    this.#resolver = new Resolver(model);
    this.#base = base;
    this.#order = new Map([...listPrompts(model)].map((symbol, index) => [symbol, index]));
    const goal = this.#listChangeable(failing);
    this.elements = this.#leaveOutImplied(goal, this.#findDifferent(goal));
  }

  /** The assignments of the base with these on top, as a `.config` fragment. */
  fragment(elements: readonly Element[]): string {
    return formatFragment(this.#merge(elements).map(({ symbol, value }) => [symbol, value]));
  }

  /** The whole `.config` that comes of it. */
  config(elements: readonly Element[]): string {
    return this.#resolver.resolveText(this.fragment(elements)).config;
  }

  keyOf(elements: readonly Element[]): string {
    return hashText(Buffer.from(this.config(elements), 'latin1').toString());
  }

  /**
   * Adds to some elements what they need: those of them that do not come about get a smallest set of others with which
   * they do. In the order of the menus.
   */
  complete(elements: readonly Element[]): readonly Element[] {
    const whole = new Set(elements);
    const open = new Set(elements);
    for (let lost = this.#findLost([...whole], [...open]); lost.length > 0; lost = this.#findLost([...whole], [...open])) {
      for (const element of lost) for (const needed of this.#needs(element)) whole.add(needed);
      for (const element of lost) open.delete(element);
    }
    return this.elements.filter((element) => whole.has(element));
  }

  #needs(element: Element): readonly Element[] {
    const known = this.#completed.get(element);
    if (known) return known;
    const others = this.elements.filter((other) => other !== element);
    const found = answer(narrow(others, () => 1, 1), (set) => this.#findLost([...set, element], [element]).length === 0);
    this.#completed.set(element, found);
    return found;
  }

  /** Those of some elements that others do not let come about. Computes what they depend on, and nothing else. */
  #findLost(elements: readonly Element[], wanted: readonly Element[]): readonly Element[] {
    const lost = new Set(this.#resolver.check(wanted, this.#merge(elements)).lost.map(({ symbol }) => symbol));
    return wanted.filter(({ symbol }) => lost.has(symbol));
  }

  /** The base's word counts less than that of an element, and stands before it: within a choice the last word counts. */
  #merge(elements: readonly Element[]): Assignment[] {
    const symbols = new Set(elements.map(({ symbol }) => symbol));
    return [...this.#base.filter(({ symbol }) => !symbols.has(symbol)), ...this.#sorted(elements)];
  }

  #sorted(elements: readonly Element[]): readonly Element[] {
    return [...elements].sort((left, right) => (this.#order.get(left.symbol) ?? 0) - (this.#order.get(right.symbol) ?? 0));
  }

  /** What a user could have set in a configuration, with the values it has there. */
  #listChangeable(text: string): Config {
    const effective = parseConfig(this.#resolver.resolveText(text).config);
    const evaluation = this.#resolver.evaluation();
    const { model } = this.#resolver;
    return Object.fromEntries([...this.#order.keys()].flatMap((name) => {
      const symbol = model.symbols[model.names.get(name) ?? 0];
      const value = effective[name];
      const isSet = symbol !== undefined && value !== undefined && isChangeable(evaluation, symbol);
      // A default can be what no user may say.
      return isSet && (isLogical(symbol.type) || symbol.type === 'string' || isValidValue(symbol.type, value)) ? [[name, value]] : [];
    }));
  }

  /** Elements that lead from the base to the goal. Defaults may follow from them, and then have to be set as well. */
  #findDifferent(goal: Config): Element[] {
    const base = parseConfig(this.#resolver.resolveText(this.fragment([])).config);
    const found = new Map<string, Element>();
    for (let now = base, isNew = true; isNew; now = parseConfig(this.config([...found.values()]))) {
      isNew = false;
      for (const [symbol, value] of Object.entries(goal)) {
        if (now[symbol] === value || found.has(symbol)) continue;
        found.set(symbol, { symbol, value, base: base[symbol] ?? 'n' });
        isNew = true;
      }
    }
    return [...this.#sorted([...found.values()])];
  }

  /** Without those that come about by themselves: defaults, and members of a choice that another one excludes. */
  #leaveOutImplied(goal: Config, elements: readonly Element[]): readonly Element[] {
    const resolver = this.#resolver;
    const whole = this.keyOf(elements);
    const requested = new Set(this.#base.map(({ symbol }) => symbol));
    resolver.clear();
    for (const { symbol, value } of this.#merge(elements)) if (resolver.isDefined(symbol)) resolver.set(symbol, value);
    const left = elements.filter(({ symbol, value }) => {
      // The base's own word on it would count again.
      if (requested.has(symbol)) return true;
      resolver.unset(symbol);
      if (spell(resolver, symbol) === goal[symbol]) return false;
      resolver.set(symbol, value);
      return true;
    });
    return this.keyOf(left) === whole ? left : elements;
  }
}

/** A value as `.config` spells it. */
function spell(resolver: Resolver, symbol: string): string {
  const { type } = resolver.model.symbols[resolver.model.names.get(symbol) ?? 0] as KconfigSymbol;
  return type === 'string' ? quote(resolver.value(symbol)) : resolver.value(symbol);
}

/** Symbols that have a prompt, in the order of the menus. */
function listPrompts(model: Model): Set<string> {
  return new Set([...menusBelow(model.root)].flatMap(({ symbol, prompt }) => (symbol?.name && prompt ? [symbol.name] : [])));
}
