import { type ExpressionId, type ExpressionPool, isComparison, kind, moduleSymbol, none, noSymbol, type SymbolId, yesSymbol } from './expression.ts';
import { joinAnd, joinOr } from './join.ts';
import type { KconfigSymbol } from './model.ts';
import type { Output } from './output.ts';

/**
 * The rewriting that `conf` does to dependencies before it uses them (scripts/kconfig/expr.c). The results show in
 * messages, in what becomes a submenu and in dependency rings, so they are the same here, rule for rule.
 */
export class Simplifier {
  readonly expressions: ExpressionPool;
  readonly symbols: readonly KconfigSymbol[];
  readonly #output: Output;
  readonly #transformed = new Memo();
  readonly #joined = new Memo();
  #messages = 0;
  #changes = 0;

  constructor(expressions: ExpressionPool, symbols: readonly KconfigSymbol[], output: Output) {
    this.expressions = expressions;
    this.symbols = symbols;
    this.#output = output;
  }

  /** Pushes `!` down to symbols and turns comparisons of bools with `y`, `m`, `n` into symbols. */
  transform(id: ExpressionId): ExpressionId {
    if (id === none) return none;
    const known = this.#transformed.get(id);
    if (known !== none) return known;
    const before = this.#messages;
    const result = this.#transformNode(id);
    if (before === this.#messages) this.#transformed.set(id, result);
    return result;
  }

  /** Takes out operands that another one makes superfluous, until there is none. */
  eliminateDuplicates(id: ExpressionId): ExpressionId {
    if (id === none) return none;
    const known = this.#joined.get(id);
    if (known !== none) return known;
    const outer = this.#changes;
    let current = id;
    do {
      this.#changes = 0;
      const of = this.expressions.kind(current);
      if (of === kind.or || of === kind.and) {
        const left = this.eliminateDuplicates(this.expressions.left(current));
        const right = this.eliminateDuplicates(this.expressions.right(current));
        const pair = this.#joinLeaves(of, left, right);
        current = this.expressions.node(of, pair[0], pair[1]);
      }
      current = this.#dropConstants(current);
    } while (this.#changes > 0);
    this.#changes = outer;
    this.#joined.set(id, current);
    return current;
  }

  /** Whether two expressions have the same operands, in any order. */
  isEqual(left: ExpressionId, right: ExpressionId): boolean {
    const { expressions } = this;
    if (left === none || right === none) return expressions.isYes(left) && expressions.isYes(right);
    const of = expressions.kind(left);
    if (of !== expressions.kind(right)) return false;
    if (of === kind.symbol || isComparison(of)) return left === right;
    if (of === kind.not) return this.isEqual(expressions.left(left), expressions.left(right));
    if (of !== kind.and && of !== kind.or) return false;
    const outer = this.#changes;
    const [one, other] = this.eliminateEqual(left, right);
    this.#changes = outer;
    return expressions.kind(one) === kind.symbol && one === other;
  }

  /** Takes out of both expressions the operands that they share. */
  eliminateEqual(left: ExpressionId, right: ExpressionId): [ExpressionId, ExpressionId] {
    if (left === none || right === none) return [left, right];
    const { expressions } = this;
    let pair: [ExpressionId, ExpressionId] = [left, right];
    const first = expressions.kind(left);
    if (first === kind.or || first === kind.and) pair = this.#dropEqualLeaves(first, ...pair);
    const second = expressions.kind(pair[1]);
    if (expressions.kind(pair[0]) !== second && (second === kind.or || second === kind.and)) {
      pair = this.#dropEqualLeaves(second, ...pair);
    }
    return [this.#dropConstants(pair[0]), this.#dropConstants(pair[1])];
  }

  #transformNode(id: ExpressionId): ExpressionId {
    const { expressions } = this;
    const of = expressions.kind(id);
    if (of === kind.symbol) return id;
    if (of === kind.equal || of === kind.unequal) return this.#transformEquality(id);
    if (isComparison(of)) return id;
    const left = this.transform(expressions.left(id));
    if (of !== kind.not) return expressions.node(of, left, this.transform(expressions.right(id)));
    return this.#transformNot(left);
  }

  /** The C tool takes the symbol of `A != y` for an expression (expr_transform), and crashes for bools; here it is `!A`. */
  #transformEquality(id: ExpressionId): ExpressionId {
    const { expressions } = this;
    const symbol = this.symbols[expressions.left(id)] as KconfigSymbol;
    if (symbol.type !== 'bool') return id;
    const isEqual = expressions.kind(id) === kind.equal;
    const right = expressions.right(id);
    if (right === moduleSymbol) {
      const forced = isEqual ? 'n' : 'y';
      this.#messages++;
      this.#output.stdout(`boolean symbol ${symbol.name} tested for 'm'? test forced to '${forced}'\n`);
      return expressions.symbol(isEqual ? noSymbol : yesSymbol);
    }
    if (right !== noSymbol && right !== yesSymbol) return id;
    const plain = expressions.symbol(symbol.id);
    return isEqual === (right === yesSymbol) ? plain : expressions.not(plain);
  }

  #transformNot(operand: ExpressionId): ExpressionId {
    const { expressions } = this;
    const of = expressions.kind(operand);
    const left = expressions.left(operand);
    const right = expressions.right(operand);
    if (of === kind.not) return left;
    if (isComparison(of)) return expressions.node(opposites[of] as number, left, right);
    if (of === kind.or || of === kind.and) {
      const [notLeft, notRight] = [expressions.not(left), expressions.not(right)];
      return this.transform(expressions.node(of === kind.or ? kind.and : kind.or, notLeft, notRight));
    }
    if (of === kind.symbol && left === yesSymbol) return expressions.symbol(noSymbol);
    if (of === kind.symbol && left === noSymbol) return expressions.symbol(yesSymbol);
    if (of === kind.symbol && left === moduleSymbol) return operand;
    return expressions.not(operand);
  }

  /** `A && y` is A, `A || n` is A, and so on. */
  #dropConstants(id: ExpressionId): ExpressionId {
    const { expressions } = this;
    const of = expressions.kind(id);
    if (of !== kind.and && of !== kind.or) return id;
    const left = this.#dropConstants(expressions.left(id));
    const right = this.#dropConstants(expressions.right(id));
    const absorbing = of === kind.and ? noSymbol : yesSymbol;
    const neutral = of === kind.and ? yesSymbol : noSymbol;
    if (expressions.isConstant(left, absorbing)) return left;
    if (expressions.isConstant(left, neutral)) return right;
    if (expressions.isConstant(right, absorbing)) return right;
    if (expressions.isConstant(right, neutral)) return left;
    return id;
  }

  /** Compares each operand of one with each of the other; of two that join, the first becomes neutral. */
  #joinLeaves(of: number, left: ExpressionId, right: ExpressionId): [ExpressionId, ExpressionId] {
    const { expressions } = this;
    const split = this.#split(of, left, right, (one, other) => this.#joinLeaves(of, one, other));
    if (split) return split;
    const joined = of === kind.or ? joinOr(this, left, right) : joinAnd(this, left, right);
    if (joined === none) return [left, right];
    this.#changes++;
    return [expressions.symbol(of === kind.or ? noSymbol : yesSymbol), joined];
  }

  #dropEqualLeaves(of: number, left: ExpressionId, right: ExpressionId): [ExpressionId, ExpressionId] {
    const { expressions } = this;
    const split = this.#split(of, left, right, (one, other) => this.#dropEqualLeaves(of, one, other));
    if (split) return split;
    const isConstant = expressions.isConstant(left, yesSymbol) || expressions.isConstant(left, noSymbol);
    if ((left === right && isConstant) || !this.isEqual(left, right)) return [left, right];
    this.#changes++;
    const neutral = expressions.symbol(of === kind.or ? noSymbol : yesSymbol);
    return [neutral, neutral];
  }

  #split(
    of: number, left: ExpressionId, right: ExpressionId,
    visit: (left: ExpressionId, right: ExpressionId) => [ExpressionId, ExpressionId],
  ): [ExpressionId, ExpressionId] | null {
    const { expressions } = this;
    if (expressions.kind(left) === of) {
      const [first, middle] = visit(expressions.left(left), right);
      const [second, last] = visit(expressions.right(left), middle);
      return [expressions.node(of, first, second), last];
    }
    if (expressions.kind(right) !== of) return null;
    const [middle, first] = visit(left, expressions.left(right));
    const [last, second] = visit(middle, expressions.right(right));
    return [last, expressions.node(of, first, second)];
  }
}

/** Results by expression; {@link none} where there is none yet. */
class Memo {
  #results = new Int32Array(1 << 16);

  get(id: ExpressionId): ExpressionId {
    return this.#results[id] ?? none;
  }

  set(id: ExpressionId, result: ExpressionId): void {
    if (id >= this.#results.length) {
      const results = new Int32Array(Math.max(id + 1, this.#results.length * 2));
      results.set(this.#results);
      this.#results = results;
    }
    this.#results[id] = result;
  }
}

const opposites: Record<number, number> = {
  [kind.equal]: kind.unequal, [kind.unequal]: kind.equal, [kind.less]: kind.greaterEqual,
  [kind.greaterEqual]: kind.less, [kind.greater]: kind.lessEqual, [kind.lessEqual]: kind.greater,
};

/** Says with comparisons that an expression is `n` (`equal`), or is not (`unequal`). */
export function compareToNo(expressions: ExpressionPool, id: ExpressionId, how: typeof kind.equal | typeof kind.unequal): ExpressionId {
  if (id === none) {
    const no = expressions.symbol(noSymbol);
    return how === kind.unequal ? expressions.not(no) : no;
  }
  const of = expressions.kind(id);
  if (of === kind.and || of === kind.or) {
    const left = compareToNo(expressions, expressions.left(id), kind.equal);
    const right = compareToNo(expressions, expressions.right(id), kind.equal);
    const both = expressions.node(of === kind.and ? kind.or : kind.and, left, right);
    return how === kind.unequal ? expressions.not(both) : both;
  }
  if (of === kind.not) return compareToNo(expressions, expressions.left(id), how === kind.equal ? kind.unequal : kind.equal);
  if (isComparison(of)) return how === kind.equal ? expressions.not(id) : id;
  return expressions.node(how, expressions.left(id), noSymbol);
}

/** Without modules `m` means `n`: it becomes `m && MODULES`. */
export function limitModules(expressions: ExpressionPool, id: ExpressionId, modules: SymbolId): ExpressionId {
  if (id === none) return none;
  const of = expressions.kind(id);
  if (of === kind.not) return expressions.not(limitModules(expressions, expressions.left(id), modules));
  if (of === kind.and || of === kind.or) {
    const left = limitModules(expressions, expressions.left(id), modules);
    return expressions.node(of, left, limitModules(expressions, expressions.right(id), modules));
  }
  return expressions.isConstant(id, moduleSymbol) ? expressions.and(id, expressions.symbol(modules)) : id;
}
