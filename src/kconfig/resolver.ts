import { UserError } from '../util/errors.ts';
import type { Config } from './config.ts';
import { moveMember } from './choice.ts';
import { Dependents } from './dependents.ts';
import { Evaluation } from './evaluate.ts';
import { none, type SymbolId } from './expression.ts';
import { isChoice, isLogical, type KconfigSymbol, type Model } from './model.ts';
import { singleSymbol } from './plan.ts';
import { formatUnmetDependency } from './print-expression.ts';
import { readConfig, setUserValue } from './read.ts';
import { settle } from './settle.ts';
import { isValidValue } from './values.ts';
import { formatConfig, quote } from './write.ts';

/** A requested value that did not come about. */
export type Difference = { symbol: string; requested: string; effective: string };

/** A symbol and a value as `.config` spells it. */
export type Assignment = { symbol: string; value: string };

/** A whole configuration: the `.config` text, and the warnings that `conf --olddefconfig` would print. */
export type Resolved = { config: string; warnings: string };

const prefix = 'CONFIG_';

/**
 * A long-lived evaluator: what is requested stays apart from what results. Values are computed anew only for what a
 * change can reach. One resolver belongs to one worker; any number share a model.
 */
export class Resolver {
  readonly model: Model;
  readonly #evaluation: Evaluation;
  readonly #isModulesFree: boolean;
  #dependents: Dependents | null = null;
  /** In the order of the requests: the last word counts within a choice. Null where a text was the last request. */
  #requested: Map<SymbolId, string> | null = new Map();
  /** Which symbols that text had. */
  readonly #read: Uint8Array;
  #dirty: Set<SymbolId> | null = null;
  #warnings = '';

  constructor(model: Model) {
    this.model = model;
    this.#read = new Uint8Array(model.symbols.length);
    this.#isModulesFree = dependsOnNothing(model);
    this.#evaluation = new Evaluation(model, (text) => (this.#warnings += text));
  }

  /**
   * What `conf --olddefconfig` makes of a `.config` text, and nothing else: earlier requests are forgotten.
   * `conf` computes everything twice where nothing has to change. That shows in its warnings, and in the values of
   * what MODULES itself depends on; else the second time is left out here.
   */
  resolveText(text: string, file = '.config'): Resolved {
    const evaluation = this.#evaluation;
    this.#warnings = '';
    evaluation.restart();
    const warn = (words: string) => (this.#warnings += words);
    const read = readConfig(evaluation, text, { file, prefix, warn, isStrict: false });
    this.#requested = null;
    this.#read.set(evaluation.hasUser);
    const isChanged = settle(evaluation) || read.hasUnknown || read.warnings > 0;
    if (!isChanged && (this.#warnings !== '' || !this.#isModulesFree)) evaluation.invalidate();
    this.#dirty = new Set();
    return { config: formatConfig(evaluation, prefix), warnings: this.#warnings };
  }

  /** Requests a value as `.config` spells it. @throws UserError `UNKNOWN_SYMBOL`, `INVALID_VALUE` */
  set(name: string, value: string): void {
    const id = this.#lookup(name);
    const symbol = this.#symbol(id);
    if (!isSpelledRight(symbol, value)) {
      const message = `${value} is no value of ${name}, which is ${symbol.type === 'int' ? 'an' : 'a'} ${symbol.type}`;
      throw new UserError({ code: 'INVALID_VALUE', message });
    }
    const requests = this.#requests();
    requests.delete(id);
    requests.set(id, value);
    this.#dirty?.add(id);
  }

  /** Takes a request back. @throws UserError `UNKNOWN_SYMBOL` */
  unset(name: string): void {
    const id = this.#lookup(name);
    if (this.#requests().delete(id)) this.#dirty?.add(id);
  }

  /** Takes all requests back. */
  clear(): void {
    this.#requested = new Map();
    this.#dirty = null;
  }

  /** Has everything computed anew by the next question. */
  forget(): void {
    this.#requests();
    this.#dirty = null;
  }

  /** A symbol's value under the requests so far. @throws UserError `UNKNOWN_SYMBOL` */
  value(name: string): string {
    const id = this.#lookup(name);
    this.#update();
    this.#evaluation.calculate(id);
    return this.#evaluation.valueOf(id);
  }

  /** The whole configuration under the requests so far. */
  resolve(): Resolved {
    this.#update();
    const config = formatConfig(this.#evaluation, prefix);
    return { config, warnings: formatUnmetDependencies(this.#evaluation) };
  }

  /** Requests that did not come about, in the order in which they were made. */
  diff(): Difference[] {
    this.#update();
    const differences: Difference[] = [];
    for (const [id, requested] of this.#requests()) {
      const symbol = this.#symbol(id);
      this.#evaluation.calculate(id);
      const value = this.#evaluation.valueOf(id);
      const effective = symbol.type === 'string' ? quote(value) : value;
      if (effective !== requested) differences.push({ symbol: symbol.name ?? '', requested, effective });
    }
    return differences;
  }

  /**
   * Forgets earlier requests, makes these, and says which of the first did not come about. Computes only what these and
   * the symbols of `cone` depend on. A symbol that the tree does not define is `n`, whatever is asked of it. `unmet`: how
   * many symbols are selected against their dependencies, of those computed.
   */
  check(wanted: readonly Assignment[], others: readonly Assignment[] = [], cone: readonly SymbolId[] = []): { lost: Difference[]; unmet: number } {
    const lost = [...this.#findLost(wanted, others)];
    for (const id of cone) this.#evaluation.calculate(id);
    return { lost, unmet: this.#evaluation.warnings };
  }

  /** Whether {@link check} would find nothing lost, and where it is to be strict nothing unmet; ends at the first of these. */
  comesAbout(wanted: readonly Assignment[], others: readonly Assignment[], cone: readonly SymbolId[], isStrict: boolean): boolean {
    if (this.#findLost(wanted, others).next().done !== true) return false;
    for (const id of isStrict ? cone : []) this.#evaluation.calculate(id);
    return !isStrict || this.#evaluation.warnings === 0;
  }

  *#findLost(wanted: readonly Assignment[], others: readonly Assignment[]): Generator<Difference> {
    this.clear();
    for (const { symbol, value } of [...wanted, ...others]) if (this.isDefined(symbol)) this.set(symbol, value);
    const evaluation = this.#evaluation;
    this.#warnings = '';
    evaluation.restart();
    this.#applyRequests();
    evaluation.calculate(this.model.modules);
    for (const { symbol, value } of wanted) {
      const effective = this.isDefined(symbol) ? this.#spelled(this.#lookup(symbol)) : 'n';
      if (effective !== value) yield { symbol, requested: value, effective };
    }
  }

  /** The evaluation behind the last {@link check}: what was not computed for it is computed when it is asked for. */
  checked(): Evaluation {
    return this.#evaluation;
  }

  isDefined(name: string): boolean {
    const id = this.model.names.get(name);
    return id !== undefined && this.#symbol(id).type !== 'unknown';
  }

  /** A value as `.config` shows it; `n` where it shows nothing. */
  #spelled(id: SymbolId): string {
    this.#evaluation.calculate(id);
    const { type, isTransitional } = this.#symbol(id);
    if (isTransitional) return 'n';
    if (!isLogical(type) && this.#evaluation.isWritten[id] === 0) return 'n';
    const value = this.#evaluation.valueOf(id);
    return type === 'string' ? quote(value) : value;
  }

  /** All symbols that belong into the file, with their values. */
  config(): Config {
    this.#update();
    const config: Config = {};
    for (const id of this.model.hashOrder) {
      const symbol = this.#symbol(id);
      this.#evaluation.calculate(id);
      if (isChoice(symbol) || this.#evaluation.isWritten[id] === 0 || symbol.type === 'unknown') continue;
      const value = this.#evaluation.valueOf(id);
      config[symbol.name as string] = symbol.type === 'string' ? quote(value) : value;
    }
    return config;
  }

  /** The evaluation behind the values, up to date. */
  evaluation(): Evaluation {
    this.#update();
    return this.#evaluation;
  }

  #update(): void {
    if (this.#dirty?.size === 0) return;
    const evaluation = this.#evaluation;
    if (this.#dirty) {
      this.#dependents ??= new Dependents(this.model);
      const reached = this.#dependents.reach(this.#dirty);
      if (reached) {
        evaluation.forgetUser();
        this.#applyRequests();
        evaluation.forgetSome(reached.symbols, reached.expressions);
        this.#dirty = new Set();
        return;
      }
    }
    evaluation.restart();
    this.#applyRequests();
    settle(evaluation);
    this.#dirty = new Set();
  }

  #applyRequests(): void {
    for (const [id, value] of this.#requests()) {
      const symbol = this.#symbol(id);
      setUserValue(this.#evaluation, symbol, value);
      if (symbol.choice) moveMember(this.#evaluation, symbol.choice, id, 'first');
    }
  }

  /** Requests as a map; those of a text in the order of its choices' priorities, the weakest first. */
  #requests(): Map<SymbolId, string> {
    if (this.#requested) return this.#requested;
    const requests = new Map<SymbolId, string>();
    for (const id of this.model.hashOrder) {
      const symbol = this.#symbol(id);
      if (this.#read[id] === 1 && !symbol.choice) requests.set(id, userValue(this.#evaluation, symbol));
    }
    for (const members of this.#evaluation.priorities.values()) {
      for (const id of members.toReversed()) {
        if (this.#read[id] === 1) requests.set(id, userValue(this.#evaluation, this.#symbol(id)));
      }
    }
    this.#requested = requests;
    return requests;
  }

  #lookup(name: string): SymbolId {
    const id = this.model.names.get(name);
    if (id === undefined || this.#symbol(id).type === 'unknown') {
      throw new UserError({ code: 'UNKNOWN_SYMBOL', message: `no Kconfig file of this architecture defines ${name}` });
    }
    return id;
  }

  #symbol(id: SymbolId): KconfigSymbol {
    return this.model.symbols[id] as KconfigSymbol;
  }
}

function userValue({ userTristates, userTexts }: Evaluation, { id, type }: KconfigSymbol): string {
  if (isLogical(type)) return 'nmy'.charAt(userTristates[id] as number);
  return type === 'string' ? quote(userTexts[id] as string) : (userTexts[id] as string);
}

/** Whether MODULES has no condition but constants. */
function dependsOnNothing({ symbols, modules, expressions }: Model): boolean {
  const { directDependency, reverseDependency, impliedBy, properties } = symbols[modules] as KconfigSymbol;
  const ids = [directDependency, reverseDependency, impliedBy, ...properties.flatMap(({ visible, expression }) => [visible, expression])];
  return ids.every((id) => {
    const symbol = singleSymbol(expressions, id);
    return id === none || (symbol !== null && symbols[symbol]?.isConstant === true);
  });
}

/** Whether a `.config` may hold this value of the symbol; its dependencies aside. */
function isSpelledRight({ type }: KconfigSymbol, value: string): boolean {
  if (type === 'bool') return value === 'y' || value === 'n';
  if (type === 'tristate') return value === 'y' || value === 'm' || value === 'n';
  return type === 'string' ? /^"(?:[^"\\]|\\.)*"$/s.test(value) : isValidValue(type, value);
}

/** The warnings of all symbols that are selected against their dependencies. */
function formatUnmetDependencies(evaluation: Evaluation): string {
  let out = '';
  for (const id of evaluation.model.hashOrder) {
    const symbol = evaluation.model.symbols[id] as KconfigSymbol;
    if (!isLogical(symbol.type) || symbol.choice || symbol.isTransitional) continue;
    if ((evaluation.direct[id] as number) < (evaluation.reverse[id] as number)) out += formatUnmetDependency(evaluation, symbol);
  }
  return out;
}
