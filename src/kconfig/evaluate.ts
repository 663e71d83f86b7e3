import { type ExpressionId, kind, noSymbol, type SymbolId, yesSymbol } from './expression.ts';
import { resolveChoice } from './choice.ts';
import { type KconfigSymbol, type Menu, type Model, type Property } from './model.ts';
import { type Plan, singleSymbol, typeCode } from './plan.ts';
import { formatUnmetDependency } from './print-expression.ts';
import { activeLimits } from './range.ts';
import { compareValues, parseNumber, type Tristate, tristateLetters } from './values.ts';

/** What a user asked of a symbol: a tristate for bools and tristates, a text for the others. */
export type UserValue = { tristate: Tristate; text: string };

/**
 * The values of all symbols of a model, for one set of user values. Values are computed when they are asked for and
 * kept until {@link invalidate}. The steps and their order are those of scripts/kconfig/symbol.c: where dependencies
 * form a ring that the parser lets pass, the order decides the values.
 */
export class Evaluation {
  readonly model: Model;
  /** Receives the warnings that evaluation gives rise to. */
  warn: (text: string) => void;
  /** How many unmet dependencies were reported. */
  warnings = 0;
  readonly tristates: Uint8Array;
  readonly texts: string[];
  /** Upper limit of what a user can set; 0 where no prompt is visible. */
  readonly visible: Uint8Array;
  readonly direct: Uint8Array;
  readonly reverse: Uint8Array;
  readonly implied: Uint8Array;
  /** Whether the value belongs into the file. */
  readonly isWritten: Uint8Array;
  readonly hasUser: Uint8Array;
  readonly userTristates: Uint8Array;
  readonly userTexts: string[];
  /** Members of each choice, the one that the user named last first. */
  readonly priorities = new Map<Menu, readonly SymbolId[]>();
  /** Lines that {@link formatConfig} has written, by symbol and value. */
  lines: { prefix: string; texts: (string | undefined)[] } = { prefix: '', texts: [] };
  readonly #isValid: Uint8Array;
  /** Values of expressions, plus one; 0 where not computed. */
  readonly #known: Uint8Array;
  readonly #kinds: Uint8Array;
  readonly #lefts: Int32Array;
  readonly #rights: Int32Array;
  readonly #plan: Plan;
  #modules: Tristate = 0;

  constructor(model: Model, warn: (text: string) => void = () => {}) {
    const count = model.symbols.length;
    this.model = model;
    this.warn = warn;
    this.#plan = model.plan;
    const { kinds, lefts, rights } = model.expressions;
    [this.#kinds, this.#lefts, this.#rights] = [kinds, lefts, rights];
    this.tristates = new Uint8Array(count);
    this.texts = model.symbols.map(({ name, type, isConstant }) => (isConstant || type === 'unknown' ? (name ?? '') : uncomputed));
    this.visible = new Uint8Array(count);
    this.direct = new Uint8Array(count);
    this.reverse = new Uint8Array(count);
    this.implied = new Uint8Array(count);
    this.isWritten = new Uint8Array(count);
    this.hasUser = new Uint8Array(count);
    this.userTristates = new Uint8Array(count);
    this.userTexts = model.symbols.map(() => '');
    this.#isValid = new Uint8Array(count);
    this.#known = new Uint8Array(model.expressions.count);
    this.forgetUser();
    this.#reset();
  }

  /** Values of the three constants never change. */
  #reset(): void {
    this.#isValid.fill(0);
    this.#known.fill(0);
    for (let id: SymbolId = noSymbol; id <= yesSymbol; id++) {
      this.#isValid[id] = 1;
      this.tristates[id] = id;
    }
  }

  /** Takes back all that the user set, and the order in which it was set. */
  forgetUser(): void {
    this.hasUser.fill(0);
    this.userTristates.fill(0);
    this.userTexts.fill('');
    for (const choice of this.model.plan.choices) this.priorities.set(choice, choice.members);
  }

  /** Back to the state of a new evaluation: nothing set, nothing computed, nothing left of earlier results. */
  restart(): void {
    this.forgetUser();
    for (const array of [this.tristates, this.visible, this.direct, this.reverse, this.implied, this.isWritten]) array.fill(0);
    this.#modules = 0;
    this.warnings = 0;
    this.#reset();
  }

  /** Forgets all values, but not what the user set; as after reading a file (confdata.c: conf_read_simple). */
  forgetValues(): void {
    this.#reset();
  }

  /** Forgets the values of these symbols and expressions only. */
  forgetSome(symbols: readonly SymbolId[], expressions: readonly ExpressionId[]): void {
    for (const id of symbols) this.#isValid[id] = this.visible[id] = this.tristates[id] = this.isWritten[id] = 0;
    for (const id of expressions) this.#known[id] = 0;
  }

  /** Forgets all values and computes that of MODULES, on which types depend (symbol.c: sym_clear_all_valid). */
  invalidate(): void {
    this.#reset();
    this.calculate(this.model.modules);
  }

  /** A tristate counts as a bool while MODULES is `n`. */
  typeOf({ type }: KconfigSymbol): KconfigSymbol['type'] {
    return type === 'tristate' && this.#modules === 0 ? 'bool' : type;
  }

  /** A symbol's value as text. */
  valueOf(id: SymbolId): string {
    const { type } = this.model.symbols[id] as KconfigSymbol;
    if (type === 'bool' || type === 'tristate') return tristateLetters[this.tristates[id] as Tristate];
    return this.texts[id] as string;
  }

  evaluate(id: ExpressionId): Tristate {
    if (id === 0) return 2;
    const known = this.#known[id] as number;
    if (known !== 0) return (known - 1) as Tristate;
    const value = this.#compute(id);
    this.#known[id] = value + 1;
    return value;
  }

  #compute(id: ExpressionId): Tristate {
    const left = this.#lefts[id] as number;
    const of = this.#kinds[id] as number;
    if (of === kind.symbol) {
      if (this.#isValid[left] === 0) this.calculate(left);
      return this.tristates[left] as Tristate;
    }
    if (of === kind.not) return (2 - this.evaluate(left)) as Tristate;
    const right = this.#rights[id] as number;
    if (of !== kind.and && of !== kind.or) return this.#compare(of, left, right) ? 2 : 0;
    const one = this.evaluate(left);
    const other = this.evaluate(right);
    return one < other === (of === kind.and) ? one : other;
  }

  #compare(of: number, left: SymbolId, right: SymbolId): boolean {
    const { symbols } = this.model;
    this.calculate(left);
    this.calculate(right);
    const types = [(symbols[left] as KconfigSymbol).type, (symbols[right] as KconfigSymbol).type] as const;
    const order = compareValues(this.valueOf(left), types[0], this.valueOf(right), types[1]);
    switch (of) {
      case kind.equal:
        return order === 0;
      case kind.unequal:
        return order !== 0;
      case kind.less:
        return order < 0;
      case kind.lessEqual:
        return order <= 0;
      case kind.greater:
        return order > 0;
      default:
        return order >= 0;
    }
  }

  /** A choice sets the values of all its members at once. */
  markValid(id: SymbolId): void {
    this.#isValid[id] = 1;
  }

  /** Makes sure that a symbol's value is known. */
  calculate(id: SymbolId): void {
    if (this.#isValid[id] === 1) return;
    this.#isValid[id] = 1;
    const type = this.#plan.types[id] as number;
    if (type === typeCode.unknown) {
      this.tristates[id] = 0;
      return;
    }
    const symbol = this.model.symbols[id] as KconfigSymbol;
    this.calculateVisibility(id);
    this.isWritten[id] = this.visible[id] === 0 ? 0 : 1;
    this.tristates[id] = 0;
    this.texts[id] = initialTexts[type] as string;
    const used = type <= typeCode.tristate ? this.#calculateTristate(symbol) : this.#calculateText(id);
    if (used >= 0 && this.#plan.hasTransitionalDefault[id] === 1) this.#adoptTransitional(id, used);
    if (type === typeCode.int || type === typeCode.hex) this.#limit(symbol);
    if (id === this.model.modules) this.#modules = this.tristates[id] as Tristate;
    if (symbol.name === null || symbol.isTransitional) this.isWritten[id] = 0;
  }

  calculateVisibility(id: SymbolId): void {
    const plan = this.#plan;
    if (plan.isTransitional[id] === 1) {
      this.visible[id] = 2;
      return;
    }
    let visible = 0;
    const end = plan.promptStarts[id + 1] as number;
    for (let at = plan.promptStarts[id] as number; at < end; at++) {
      const value = this.evaluate(plan.prompts[at] as number);
      if (value > visible) visible = value;
    }
    const type = plan.types[id] as number;
    if (visible === 1 && (type !== typeCode.tristate || this.#modules === 0)) visible = 2;
    this.visible[id] = visible;
    if (plan.isMember[id] === 1) return;
    const isBool = type === typeCode.bool || (type === typeCode.tristate && this.#modules === 0);
    this.direct[id] = widen(this.evaluate(plan.direct[id] as number), isBool);
    const reverse = plan.reverse[id] as number;
    this.reverse[id] = reverse === 0 ? 0 : widen(this.evaluate(reverse), isBool);
    const implied = plan.implied[id] as number;
    this.implied[id] = implied === 0 ? 0 : widen(this.evaluate(implied), isBool);
  }

  /** The first default, or range, whose condition holds. */
  findActive(symbol: KconfigSymbol, type: 'default' | 'range'): Property | null {
    for (const property of symbol.properties) {
      if (property.type === type && this.evaluate(property.visible) !== 0) return property;
    }
    return null;
  }

  /** The place of the first default whose condition holds, in the plan's lists; -1 where none does. */
  #activeDefault(id: SymbolId): number {
    const { defaultStarts, defaultConditions } = this.#plan;
    const end = defaultStarts[id + 1] as number;
    for (let at = defaultStarts[id] as number; at < end; at++) {
      if (this.evaluate(defaultConditions[at] as number) !== 0) return at;
    }
    return -1;
  }

  /** Gives the default that was used, or -1. */
  #calculateTristate(symbol: KconfigSymbol): number {
    const { id, choice } = symbol;
    if (choice) {
      resolveChoice(this, choice);
      if (this.tristates[id] === 1 && this.typeOf(symbol) === 'bool') this.tristates[id] = 2;
      return -1;
    }
    const reverse = this.reverse[id] as number;
    let value = 0;
    let used = -1;
    if (this.visible[id] !== 0 && this.hasUser[id] === 1) {
      value = Math.min(this.userTristates[id] as number, this.visible[id] as number);
    } else {
      if (reverse !== 0) this.isWritten[id] = 1;
      if (symbol.name !== null) {
        used = this.#activeDefault(id);
        value = this.#defaultTristate(id, used);
      }
    }
    if ((this.direct[id] as number) < reverse) this.#warnUnmet(symbol);
    if (reverse > value) value = reverse;
    this.tristates[id] = value === 1 && this.typeOf(symbol) === 'bool' ? 2 : value;
    return used;
  }

  #defaultTristate(id: SymbolId, used: number): number {
    let value = 0;
    if (used >= 0) {
      const { defaultValues, defaultConditions } = this.#plan;
      value = Math.min(this.evaluate(defaultValues[used] as number), this.evaluate(defaultConditions[used] as number));
      if (value !== 0) this.isWritten[id] = 1;
    }
    const implied = this.implied[id] as number;
    if (implied === 0) return value;
    this.isWritten[id] = 1;
    return Math.min(Math.max(value, implied), this.direct[id] as number);
  }

  /** Gives the default that was used, or -1. */
  #calculateText(id: SymbolId): number {
    if (this.visible[id] !== 0 && this.hasUser[id] === 1) {
      this.texts[id] = this.userTexts[id] as string;
      return -1;
    }
    const used = this.#activeDefault(id);
    const source = used < 0 ? null : this.#copied(used);
    if (source) {
      this.isWritten[id] = 1;
      this.calculate(source.id);
      this.texts[id] = this.textOf(source);
    }
    return used;
  }

  /** What a default copies: of bools and tristates it is always `n` (symbol.c: sym_calc_value). */
  textOf({ id, type, isConstant }: KconfigSymbol): string {
    return isConstant || (type !== 'bool' && type !== 'tristate') ? (this.texts[id] as string) : 'n';
  }

  /** A value that comes from a transitional symbol counts as the user's, so that it is not asked for again. */
  #adoptTransitional(id: SymbolId, used: number): void {
    if (this.hasUser[id] === 1) return;
    const source = this.#copied(used);
    if (!source?.isTransitional || this.hasUser[source.id] === 0) return;
    this.userTristates[id] = this.tristates[id] as number;
    this.userTexts[id] = this.texts[id] as string;
    this.hasUser[id] = 1;
  }

  /** The symbol that a default copies; null where the default is more than a symbol. */
  #copied(used: number): KconfigSymbol | null {
    const source = singleSymbol(this.model.expressions, this.#plan.defaultValues[used] as number);
    return source === null ? null : (this.model.symbols[source] as KconfigSymbol);
  }

  /** A number outside its range becomes the limit, as that is written. */
  #limit(symbol: KconfigSymbol): void {
    const limits = activeLimits(this, symbol);
    if (!limits) return;
    const { value } = parseNumber(this.texts[symbol.id] as string, symbol.type === 'int' ? 10 : 16);
    if (value < limits.lowest()) this.texts[symbol.id] = this.textOf(limits.low);
    else if (value > limits.highest()) this.texts[symbol.id] = this.textOf(limits.high);
  }

  #warnUnmet(symbol: KconfigSymbol): void {
    this.warnings++;
    this.warn(formatUnmetDependency(this, symbol));
  }
}

/** For a bool `m` means `y`. */
function widen(value: number, isBool: boolean): number {
  return value === 1 && isBool ? 2 : value;
}

/** What messages show of a text that nobody has asked for yet. */
const uncomputed = '(null)';

/** By type, in the order of its codes. */
const initialTexts = ['', 'n', 'n', '0', '0x0', ''];
