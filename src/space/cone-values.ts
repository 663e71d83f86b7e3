import { type ExpressionId, isComparison, kind, moduleSymbol, none, noSymbol, type SymbolId, yesSymbol } from '../kconfig/expression.ts';
import { isChoice, isLogical, type KconfigSymbol, type Menu, type Model } from '../kconfig/model.ts';
import { singleSymbol } from '../kconfig/plan.ts';
import { compareValues, parseNumber, tristateLetters } from '../kconfig/values.ts';
import { Cnf, fails, holds, type Literal } from './cnf.ts';
import { findCone } from './cone.ts';

/** A tristate: at least `m`, and `y`. */
export type Level = { m: Literal; y: Literal };
/** A text: each value that is possible, and when. One of them holds at any time. */
export type Texts = ReadonlyMap<string, Literal>;
/** What a user asks of a symbol: whether anything, and what. */
export type Wish = { asked: Literal; level: Level; texts: ReadonlyMap<string, Literal> };

/**
 * The symbols of a cone as variables, and expressions over them as literals. What the values of bools and tristates
 * have to do with each other is left to those who build on this; numbers and strings follow from them.
 */
export class ConeValues {
  readonly model: Model;
  readonly cnf = new Cnf();
  readonly cone: readonly SymbolId[];
  /** Choices with a member in the cone. */
  readonly choices: ReadonlySet<Menu>;
  readonly #levels = new Map<SymbolId, Level>();
  readonly #texts = new Map<SymbolId, Texts | null>();
  readonly #written = new Map<SymbolId, Literal>();
  readonly #wishes = new Map<SymbolId, Wish>();
  readonly #visible = new Map<SymbolId, Level>();
  readonly #expressions = new Map<ExpressionId, Level>();

  /** @param texts values, as a configuration spells them, that numbers and strings may be asked for */
  constructor(model: Model, roots: Iterable<string>, texts: ReadonlyMap<string, ReadonlySet<string>> = new Map()) {
    this.model = model;
    this.cone = findCone(model, roots);
    for (const id of this.cone) this.#announce(this.symbol(id), texts);
    this.choices = new Set(this.cone.flatMap((id) => this.symbol(id).choice ?? []));
    for (const id of this.cone) this.values(id);
  }

  symbol(id: SymbolId): KconfigSymbol {
    return this.model.symbols[id] as KconfigSymbol;
  }

  /** The value of a bool or tristate of the cone. */
  level(id: SymbolId): Level {
    return this.#levels.get(id) ?? never;
  }

  /** What may be asked of a symbol; null where nothing: it has no prompt. */
  wish(id: SymbolId): Wish | null {
    return this.#wishes.get(id) ?? null;
  }

  /** Whether a number or string has a line in the file. */
  written(id: SymbolId): Literal {
    this.text(id);
    return this.#written.get(id) ?? fails;
  }

  visible(id: SymbolId): Level {
    const known = this.#visible.get(id);
    if (known) return known;
    const symbol = this.symbol(id);
    const level = symbol.isTransitional ? always : this.#visibility(symbol);
    this.#visible.set(id, level);
    return level;
  }

  expression(id: ExpressionId): Level {
    if (id === none) return always;
    const known = this.#expressions.get(id);
    if (known) return known;
    const level = this.#encode(id);
    this.#expressions.set(id, level);
    return level;
  }

  /** Values that a symbol can have, as `.config` and comparisons spell them, texts without their quotes. */
  values(id: SymbolId): Texts {
    const { type, name, isConstant } = this.symbol(id);
    if (id <= yesSymbol) return new Map([[tristateLetters[id as 0 | 1 | 2], holds]]);
    if (isLogical(type)) {
      const { m, y } = this.level(id);
      return new Map([['n', -m], ['m', this.cnf.and(m, -y)], ['y', y]]);
    }
    return isConstant || type === 'unknown' ? new Map([[name ?? '', holds]]) : this.text(id);
  }

  #announce(symbol: KconfigSymbol, texts: ReadonlyMap<string, ReadonlySet<string>>): void {
    const { id, type, isConstant } = symbol;
    if (isConstant || type === 'unknown') return;
    if (isLogical(type)) this.#levels.set(id, this.#freshLevel(type));
    if (symbol.isTransitional || !symbol.properties.some(({ text }) => text !== null) || isChoice(symbol)) return;
    if (isLogical(type)) {
      this.#wishes.set(id, { asked: this.cnf.fresh(), level: this.#freshLevel(type), texts: new Map() });
      return;
    }
    const values = new Map([...(texts.get(symbol.name ?? '') ?? [])].map((value) => [value, this.cnf.fresh()]));
    if (values.size === 0) return;
    this.cnf.atMostOne([...values.values()]);
    this.#wishes.set(id, { asked: this.cnf.or(...values.values()), level: never, texts: values });
  }

  #freshLevel(type: KconfigSymbol['type']): Level {
    const m = this.cnf.fresh();
    if (type === 'bool') return { m, y: m };
    const y = this.cnf.fresh();
    this.cnf.require(-y, m);
    return { m, y };
  }

  #visibility(symbol: KconfigSymbol): Level {
    const prompts = symbol.properties.filter(({ text }) => text !== null).map(({ visible }) => this.expression(visible));
    const level = { m: this.cnf.or(...prompts.map(({ m }) => m)), y: this.cnf.or(...prompts.map(({ y }) => y)) };
    return symbol.type === 'tristate' ? this.widen(level, symbol) : { m: level.m, y: level.m };
  }

  /** For a bool `m` means `y`; without MODULES every tristate is one. */
  widen({ m, y }: Level, { type }: KconfigSymbol): Level {
    if (type === 'bool') return { m, y: m };
    return { m, y: this.cnf.or(y, this.cnf.and(m, -this.modules())) };
  }

  /** Whether MODULES is `y`. */
  modules(): Literal {
    const { modules } = this.model;
    if (modules <= yesSymbol) return modules === noSymbol ? fails : holds;
    return this.level(modules).m;
  }

  /** The first default whose condition holds: the smaller of the two. */
  preset({ properties }: KconfigSymbol): Level {
    const { cnf } = this;
    let rest: Literal = holds;
    const found: Level[] = [];
    for (const { type, expression, visible } of properties) {
      if (type !== 'default') continue;
      const condition = this.expression(visible);
      const value = this.expression(expression);
      found.push({ m: cnf.and(rest, condition.m, value.m), y: cnf.and(rest, condition.y, value.y) });
      rest = cnf.and(rest, -condition.m);
    }
    return { m: cnf.or(...found.map(({ m }) => m)), y: cnf.or(...found.map(({ y }) => y)) };
  }

  /** What selects, implies and `depends on` amount to; those of a choice's members, and of a transitional symbol, do not count. */
  sources(symbol: KconfigSymbol): { reverse: Level; implied: Level; direct: Level } {
    const { reverseDependency, impliedBy, directDependency } = symbol;
    if (symbol.isMember || symbol.isTransitional) return { reverse: never, implied: never, direct: never };
    const sum = (id: ExpressionId) => (id === none ? never : this.widen(this.expression(id), symbol));
    return { reverse: sum(reverseDependency), implied: sum(impliedBy), direct: this.widen(this.expression(directDependency), symbol) };
  }

  /** The values of a number or string: what is asked, else the first default that holds, held within its range. */
  text(id: SymbolId): Texts {
    const known = this.#texts.get(id);
    if (known === null) throw new Error(`${this.symbol(id).name} depends on itself`);
    if (known) return known;
    this.#texts.set(id, null);
    const texts = this.#limit(this.symbol(id), this.#unlimited(this.symbol(id)));
    this.#texts.set(id, texts);
    return texts;
  }

  #unlimited(symbol: KconfigSymbol): Texts {
    const { cnf } = this;
    const found = new Map<string, Literal>();
    const wish = this.#wishes.get(symbol.id);
    const visible = this.visible(symbol.id).m;
    let rest: Literal = holds;
    for (const [value, literal] of wish?.texts ?? []) {
      addText(cnf, found, unquote(value), cnf.and(visible, literal));
      rest = cnf.and(rest, -cnf.and(visible, literal));
    }
    let written = visible;
    for (const { type, expression, visible: condition } of symbol.properties) {
      if (type !== 'default') continue;
      const active = cnf.and(rest, this.expression(condition).m);
      const source = singleSymbol(this.model.expressions, expression);
      for (const [value, literal] of source === null ? [] : this.#copies(source)) addText(cnf, found, value, cnf.and(active, literal));
      if (source === null) addText(cnf, found, initial(symbol), active);
      else written = cnf.or(written, active);
      rest = cnf.and(rest, -active);
    }
    addText(cnf, found, initial(symbol), rest);
    this.#written.set(symbol.id, written);
    return found;
  }

  /** What a default copies; of bools and tristates always `n` (symbol.c: sym_calc_value). */
  #copies(id: SymbolId): Texts {
    const { type, isConstant } = this.symbol(id);
    return isLogical(type) && !isConstant ? new Map([['n', holds]]) : this.values(id);
  }

  #limit(symbol: KconfigSymbol, values: Texts): Texts {
    const { cnf } = this;
    const ranges = symbol.properties.filter(({ type }) => type === 'range');
    if (ranges.length === 0 || symbol.type === 'string') return values;
    const found = new Map<string, Literal>();
    let rest: Literal = holds;
    for (const { expression, visible } of ranges) {
      const active = cnf.and(rest, this.expression(visible).m);
      rest = cnf.and(rest, -active);
      const { expressions } = this.model;
      for (const [low, isLow] of this.#copies(expressions.left(expression))) {
        for (const [high, isHigh] of this.#copies(expressions.right(expression))) {
          for (const [value, literal] of values) addText(cnf, found, clamp(value, low, high, symbol), cnf.and(active, isLow, isHigh, literal));
        }
      }
    }
    for (const [value, literal] of values) addText(cnf, found, value, cnf.and(rest, literal));
    return found;
  }

  #encode(id: ExpressionId): Level {
    const { cnf } = this;
    const { expressions } = this.model;
    const of = expressions.kind(id);
    const [left, right] = [expressions.left(id), expressions.right(id)];
    if (of === kind.symbol) return this.#constant(left) ?? this.level(left);
    if (isComparison(of)) {
      const literal = this.#compare(of, left, right);
      return { m: literal, y: literal };
    }
    const one = this.expression(left);
    if (of === kind.not) return { m: -one.y, y: -one.m };
    const other = this.expression(right);
    const join = of === kind.and ? cnf.and.bind(cnf) : cnf.or.bind(cnf);
    return { m: join(one.m, other.m), y: join(one.y, other.y) };
  }

  #constant(id: SymbolId): Level | null {
    if (id === yesSymbol) return always;
    if (id === moduleSymbol) return { m: holds, y: fails };
    return id === noSymbol || this.symbol(id).isConstant ? never : null;
  }

  #compare(of: number, left: SymbolId, right: SymbolId): Literal {
    const types = [this.symbol(left).type, this.symbol(right).type] as const;
    const found: Literal[] = [];
    for (const [one, isOne] of this.values(left)) {
      for (const [other, isOther] of this.values(right)) {
        const order = compareValues(one, types[0], other, types[1]);
        if (satisfies(of, order)) found.push(this.cnf.and(isOne, isOther));
      }
    }
    return this.cnf.or(...found);
  }
}

export const always: Level = { m: holds, y: holds };
export const never: Level = { m: fails, y: fails };

function satisfies(of: number, order: number): boolean {
  if (of === kind.equal) return order === 0;
  if (of === kind.unequal) return order !== 0;
  if (of === kind.less) return order < 0;
  if (of === kind.lessEqual) return order <= 0;
  return of === kind.greater ? order > 0 : order >= 0;
}

function addText(cnf: Cnf, texts: Map<string, Literal>, value: string, literal: Literal): void {
  if (literal !== fails) texts.set(value, cnf.or(texts.get(value) ?? fails, literal));
}

function initial({ type }: KconfigSymbol): string {
  return type === 'int' ? '0' : type === 'hex' ? '0x0' : '';
}

function clamp(value: string, low: string, high: string, { type }: KconfigSymbol): string {
  const base = type === 'int' ? 10 : 16;
  const number = parseNumber(value, base).value;
  if (number < parseNumber(low, base).value) return low;
  return number > parseNumber(high, base).value ? high : value;
}

/** A text as `.config` has it, without its quotes. */
export function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
}
