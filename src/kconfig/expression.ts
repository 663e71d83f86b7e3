/** An expression of a pool; {@link none} where there is no condition, which means `y`. */
export type ExpressionId = number;
/** A symbol's place in {@link Model.symbols}. */
export type SymbolId = number;

/** Node kinds. Comparisons, `symbol` and `range` hold symbols on their sides, the others expressions. */
export const kind = {
  or: 1, and: 2, not: 3, equal: 4, unequal: 5, less: 6, lessEqual: 7, greater: 8, greaterEqual: 9, symbol: 10, range: 11,
} as const;
export type Kind = (typeof kind)[keyof typeof kind];

export const none: ExpressionId = 0;

/** The three constants have the same ids in every model. */
export const noSymbol: SymbolId = 0;
export const moduleSymbol: SymbolId = 1;
export const yesSymbol: SymbolId = 2;

export function isComparison(of: number): boolean {
  return of >= kind.equal && of <= kind.greaterEqual;
}

/**
 * Every expression of a model, each once: equal parts share one id. `conf` shares them in the same way
 * (scripts/kconfig/expr.c), and since it remembers a value with each, what is shared can be seen in dependency rings.
 */
export class ExpressionPool {
  count = 1;
  kinds = new Uint8Array(1 << 16);
  lefts = new Int32Array(1 << 16);
  rights = new Int32Array(1 << 16);
  #slots = new Int32Array(1 << 17);

  symbol(symbol: SymbolId): ExpressionId {
    return this.node(kind.symbol, symbol, 0);
  }

  not(operand: ExpressionId): ExpressionId {
    return this.node(kind.not, operand, 0);
  }

  /** `left && right`; the other where one is {@link none}. */
  and(left: ExpressionId, right: ExpressionId): ExpressionId {
    if (left === none) return right;
    return right === none ? left : this.node(kind.and, left, right);
  }

  /** `left || right`; the other where one is {@link none}. */
  or(left: ExpressionId, right: ExpressionId): ExpressionId {
    if (left === none) return right;
    return right === none ? left : this.node(kind.or, left, right);
  }

  /** Whether an expression is the constant `y`, written or understood. */
  isYes(id: ExpressionId): boolean {
    return id === none || this.isConstant(id, yesSymbol);
  }

  isConstant(id: ExpressionId, symbol: SymbolId): boolean {
    return this.kinds[id] === kind.symbol && this.lefts[id] === symbol;
  }

  kind(id: ExpressionId): number {
    return this.kinds[id] as number;
  }

  left(id: ExpressionId): number {
    return this.lefts[id] as number;
  }

  right(id: ExpressionId): number {
    return this.rights[id] as number;
  }

  node(of: number, left: number, right: number): ExpressionId {
    const mask = this.#slots.length - 1;
    let slot = hash(of, left, right) & mask;
    for (;;) {
      const id = this.#slots[slot] as number;
      if (id === 0) break;
      if (this.kinds[id] === of && this.lefts[id] === left && this.rights[id] === right) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.count++;
    if (id >= this.kinds.length) this.#growNodes();
    this.kinds[id] = of;
    this.lefts[id] = left;
    this.rights[id] = right;
    this.#slots[slot] = id;
    if (this.count * 2 > this.#slots.length) this.#growSlots();
    return id;
  }

  /** A pool with the same expressions, to which others can be added. */
  copy(): ExpressionPool {
    const pool = new ExpressionPool();
    [pool.kinds, pool.lefts, pool.rights] = [this.kinds.slice(), this.lefts.slice(), this.rights.slice()];
    pool.#slots = this.#slots.slice();
    pool.count = this.count;
    return pool;
  }

  #growNodes(): void {
    const size = this.kinds.length * 2;
    const [kinds, lefts, rights] = [new Uint8Array(size), new Int32Array(size), new Int32Array(size)];
    kinds.set(this.kinds);
    lefts.set(this.lefts);
    rights.set(this.rights);
    [this.kinds, this.lefts, this.rights] = [kinds, lefts, rights];
  }

  #growSlots(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = 1; id < this.count; id++) {
      let slot = hash(this.kind(id), this.left(id), this.right(id)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.#slots = slots;
  }
}

function hash(of: number, left: number, right: number): number {
  let mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right + of * 0x10001, 0x85ebca6b);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 13);
}
