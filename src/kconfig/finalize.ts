import { checkProperties } from './check-properties.ts';
import type { Draft } from './draft.ts';
import { type ExpressionId, isComparison, kind, moduleSymbol, none, noSymbol, type SymbolId, yesSymbol } from './expression.ts';
import { isChoice, type KconfigSymbol, type Menu, type Property } from './model.ts';
import { compareToNo, limitModules, type Simplifier } from './simplify.ts';

/**
 * Hands dependencies down from menus to what is in them, collects who selects whom, and hangs what depends on the
 * symbol before it under that symbol (scripts/kconfig/menu.c: _menu_finalize).
 */
export class Finalizer {
  readonly #draft: Draft;
  readonly #simplifier: Simplifier;
  readonly #modules: SymbolId;
  readonly #checked = new Set<KconfigSymbol>();

  constructor(draft: Draft, simplifier: Simplifier, modules: SymbolId) {
    this.#draft = draft;
    this.#simplifier = simplifier;
    this.#modules = modules;
  }

  finalize(parent: Menu, isInChoice = false): void {
    const { symbol } = parent;
    if (parent.firstChild) {
      for (let menu: Menu | null = parent.firstChild; menu; menu = menu.next) this.#inherit(menu, parent);
      for (let menu: Menu | null = parent.firstChild; menu; menu = menu.next) {
        this.finalize(menu, symbol !== null && isChoice(symbol));
      }
    } else if (!isInChoice && symbol) {
      this.#adoptFollowers(parent, symbol);
      symbol.directDependency = this.#draft.expressions.or(symbol.directDependency, parent.dependency);
    }
    flatten(parent);
    if (symbol && !this.#checked.has(symbol)) {
      checkProperties(this.#draft, parent, symbol);
      this.#checked.add(symbol);
    }
  }

  #inherit(menu: Menu, parent: Menu): void {
    menu.dependency = this.#restrict(parent.dependency, menu.dependency);
    const properties = menu.symbol ? menu.symbol.properties : menu.prompt ? [menu.prompt] : [];
    for (const property of properties) {
      if (property.menu !== menu) continue;
      property.visible = this.#restrict(menu.dependency, property.visible);
      if (menu.symbol) this.#collect(menu.symbol, property);
    }
  }

  #restrict(outer: ExpressionId, own: ExpressionId): ExpressionId {
    const { expressions } = this.#draft;
    const limited = this.#simplifier.transform(limitModules(expressions, own, this.#modules));
    return this.#simplifier.eliminateDuplicates(expressions.and(outer, limited));
  }

  #collect(source: KconfigSymbol, property: Property): void {
    if (property.type !== 'select' && property.type !== 'imply') return;
    const { expressions, symbols } = this.#draft;
    const target = symbols[expressions.left(property.expression)] as KconfigSymbol;
    const reason = expressions.and(expressions.symbol(source.id), property.visible);
    if (property.type === 'select') target.reverseDependency = expressions.or(target.reverseDependency, reason);
    else target.impliedBy = expressions.or(target.impliedBy, reason);
  }

  /** Entries that follow a symbol and depend on it become its submenu. */
  #adoptFollowers(parent: Menu, symbol: KconfigSymbol): void {
    let last: Menu | null = null;
    let own: ExpressionId | null = null;
    for (let menu = parent.next; menu; menu = menu.next) {
      const dependency = menu.prompt ? menu.prompt.visible : menu.dependency;
      if (!this.#mentions(dependency, symbol.id)) break;
      if (!this.#needs(dependency, symbol.id)) {
        if (this.#excludes(dependency, symbol.id)) break;
        own ??= this.#whenSet(parent.prompt ? parent.prompt.visible : none);
        const [, rest] = this.#simplifier.eliminateEqual(this.#whenSet(dependency), own);
        if (!this.#draft.expressions.isYes(rest)) break;
      }
      this.finalize(menu);
      menu.parent = parent;
      last = menu;
    }
    if (!last) return;
    parent.firstChild = parent.next;
    parent.next = last.next;
    last.next = null;
  }

  #whenSet(id: ExpressionId): ExpressionId {
    const compared = compareToNo(this.#draft.expressions, id, kind.unequal);
    return this.#simplifier.eliminateDuplicates(this.#simplifier.transform(compared));
  }

  #mentions(id: ExpressionId, symbol: SymbolId): boolean {
    if (id === none) return false;
    const { expressions } = this.#draft;
    const of = expressions.kind(id);
    const left = expressions.left(id);
    const right = expressions.right(id);
    if (of === kind.symbol) return left === symbol;
    if (isComparison(of)) return left === symbol || right === symbol;
    if (of === kind.not) return this.#mentions(left, symbol);
    return this.#mentions(left, symbol) || this.#mentions(right, symbol);
  }

  /** Whether the expression is `n` whenever the symbol is. */
  #needs(id: ExpressionId, symbol: SymbolId): boolean {
    if (id === none) return false;
    const { expressions } = this.#draft;
    const of = expressions.kind(id);
    const left = expressions.left(id);
    const right = expressions.right(id);
    if (of === kind.and) return this.#needs(left, symbol) || this.#needs(right, symbol);
    if (left !== symbol) return false;
    if (of === kind.equal) return right === yesSymbol || right === moduleSymbol;
    return of === kind.symbol || (of === kind.unequal && right === noSymbol);
  }

  /** Whether some part asks for the symbol to be off. Linux 7.2 does not ask: it writes the same, but warns in another order. */
  #excludes(id: ExpressionId, symbol: SymbolId): boolean {
    if (id === none) return false;
    const { expressions } = this.#draft;
    const of = expressions.kind(id);
    const left = expressions.left(id);
    const right = expressions.right(id);
    if (of === kind.and || of === kind.or) return this.#excludes(left, symbol) || this.#excludes(right, symbol);
    if (of === kind.not) return expressions.kind(left) === kind.symbol && expressions.left(left) === symbol;
    if (left !== symbol) return false;
    if (of === kind.equal) return right === noSymbol;
    return of === kind.unequal && (right === yesSymbol || right === moduleSymbol);
  }
}

/** What is in an `if`, or under a symbol without a prompt, moves up behind it. */
function flatten(parent: Menu): void {
  for (let menu = parent.firstChild; menu; menu = menu.next) {
    if (!menu.firstChild || menu.prompt?.text) continue;
    let last: Menu = menu.firstChild;
    for (;;) {
      last.parent = parent;
      if (!last.next) break;
      last = last.next;
    }
    last.next = menu.next;
    menu.next = menu.firstChild;
    menu.firstChild = null;
  }
}
