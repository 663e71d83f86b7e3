import { isComparison, kind, none, type SymbolId } from './expression.ts';
import { isChoice, type KconfigSymbol, type Menu, menusBelow, type Model } from './model.ts';
import { findRings } from './rings.ts';

/** What a change can reach: symbols and expressions whose values have to be forgotten. */
export type Reach = { symbols: number[]; expressions: number[] };

/**
 * Who depends on whom. One graph: a node for each symbol, and behind them one for each expression; members of a choice
 * depend on each other.
 */
export class Dependents {
  readonly #model: Model;
  readonly #symbolCount: number;
  /** Targets of node n: `#targets[#starts[n]]` up to `#starts[n + 1]`. */
  readonly #starts: Int32Array;
  readonly #targets: Int32Array;
  /** Symbols whose value depends on the order of evaluation, or on more than their dependencies. */
  readonly #isSpecial: Uint8Array;
  readonly #seen: Uint8Array;

  constructor(model: Model) {
    this.#model = model;
    this.#symbolCount = model.symbols.length;
    const count = this.#symbolCount + model.expressions.count;
    const edges = [...edgesOf(model)];
    this.#starts = new Int32Array(count + 1);
    this.#targets = new Int32Array(edges.length / 2);
    for (let at = 0; at < edges.length; at += 2) (this.#starts[(edges[at] as number) + 1] as number)++;
    for (let node = 0; node < count; node++) (this.#starts[node + 1] as number) += this.#starts[node] as number;
    const next = this.#starts.slice();
    for (let at = 0; at < edges.length; at += 2) this.#targets[(next[edges[at] as number] as number)++] = edges[at + 1] as number;
    this.#isSpecial = this.#findSpecial();
    this.#seen = new Uint8Array(count);
  }

  /** Null where only a whole evaluation gives what `conf` gives: MODULES, transitional symbols, rings. */
  reach(changed: Iterable<SymbolId>): Reach | null {
    const found: number[] = [];
    const reach: Reach = { symbols: [], expressions: [] };
    for (const id of changed) this.#visit(id, found);
    let isWhole = false;
    for (let index = 0; index < found.length && !isWhole; index++) {
      const node = found[index] as number;
      if (node < this.#symbolCount) {
        reach.symbols.push(node);
        isWhole = this.#isSpecial[node] === 1;
      } else reach.expressions.push(node - this.#symbolCount);
      for (let at = this.#starts[node] as number; at < (this.#starts[node + 1] as number); at++) this.#visit(this.#targets[at] as number, found);
    }
    for (const node of found) this.#seen[node] = 0;
    return isWhole ? null : reach;
  }

  #visit(node: number, found: number[]): void {
    if (this.#seen[node] === 1) return;
    this.#seen[node] = 1;
    found.push(node);
  }

  #findSpecial(): Uint8Array {
    const { symbols, modules } = this.#model;
    const isSpecial = new Uint8Array(symbols.length);
    isSpecial[modules] = 1;
    for (const { id, isTransitional } of symbols) if (isTransitional) isSpecial[id] = 1;
    for (const ring of findRings(this.#starts, this.#targets)) {
      const members = ring.filter((node) => node < this.#symbolCount);
      const choices = new Set(members.map((id) => choiceOf(symbols[id] as KconfigSymbol)));
      if (choices.size === 1 && !choices.has(null)) continue;
      for (const id of members) isSpecial[id] = 1;
    }
    return isSpecial;
  }
}

function choiceOf(symbol: KconfigSymbol): Menu | null {
  return isChoice(symbol) ? (symbol.menus[0] ?? null) : symbol.choice;
}

/** Pairs of nodes, flat: the second depends on the first. */
function* edgesOf({ symbols, expressions }: Model): Generator<number> {
  const first = symbols.length;
  for (let id = 1; id < expressions.count; id++) {
    const of = expressions.kind(id);
    const left = expressions.left(id);
    const right = expressions.right(id);
    const isLeaf = of === kind.symbol || of === kind.range || isComparison(of);
    yield isLeaf ? left : first + left;
    yield first + id;
    if (of === kind.symbol || of === kind.not) continue;
    yield isLeaf ? right : first + right;
    yield first + id;
  }
  for (const symbol of symbols) {
    for (const id of rootsOf(symbol)) {
      if (id === none) continue;
      yield first + id;
      yield symbol.id;
    }
    const menu = isChoice(symbol) ? symbol.menus[0] : undefined;
    for (const member of menu ? menusBelow(menu) : []) {
      if (!member.symbol) continue;
      yield* [symbol.id, member.symbol.id, member.symbol.id, symbol.id];
    }
  }
}

function* rootsOf(symbol: KconfigSymbol): Generator<number> {
  yield* [symbol.directDependency, symbol.reverseDependency, symbol.impliedBy];
  for (const { type, visible, expression } of symbol.properties) {
    if (type === 'select' || type === 'imply') continue;
    yield visible;
    yield expression;
  }
}
