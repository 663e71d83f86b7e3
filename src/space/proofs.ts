import type { SymbolId } from '../kconfig/expression.ts';
import { isLogical } from '../kconfig/model.ts';
import type { Arch } from '../tree/records.ts';
import { fails, holds, type Literal } from './cnf.ts';
import { Encoding } from './encode.ts';
import { archAxis, breakRule, listGates, listNamed } from './gates.ts';
import { valueLiterals, wishLiterals } from './literals.ts';
import type { Possibilities } from './possible.ts';
import { type Choices, listRequests, mentionedSymbols, mentionedValues, type Request, valuesFor } from './requests.ts';
import type { GateRule, Space } from './schema.ts';
import { Solver, type Z3 } from './solver.ts';

/** A configuration that shows something: the values of axes that it has, and what it asks for, as a candidate does. */
export type Witness = { choices: Record<string, string>; requested: Request[]; wished: Request[]; fill: Request[] };

/**
 * A claim about a gate, on one model, for all configurations with the pins. `shut`: with these choices, which break the
 * rules, the symbol is never `y`. `always`: where all rules are met and it is asked for, it is `y`. `open`: it can be `y`
 * with these choices. `idle`: the claim holds, and only because nothing can have these choices otherwise as the rules want.
 */
export type Proof = {
  kind: 'shut' | 'open' | 'always';
  arch: Arch;
  /** The values of the simulated axes. */
  simulated: Choices;
  symbol: string;
  rules: readonly GateRule[];
  choices: Choices;
  result: 'proven' | 'idle' | 'refuted';
  /** Of what was refuted: a configuration that shows it, as the evaluator confirms. */
  witness: Witness | null;
};

/** Proves or refutes all that a space claims of its gates on one model; a claim at a time, for a solver can take its time. */
export function* proveGates(z3: Z3, possibilities: Possibilities, simulated: Choices): Generator<Proof> {
  const prover = new Prover(z3, possibilities);
  try {
    for (const [symbol, rules] of listGates(possibilities.space)) {
      for (const claim of listClaims(possibilities.space, possibilities.arch, simulated, rules)) {
        yield { ...claim, arch: possibilities.arch, simulated, symbol, ...prover.prove(symbol, rules, claim) };
      }
    }
  } finally {
    prover.close();
  }
}

type Claim = Pick<Proof, 'kind' | 'rules' | 'choices'>;

/** On a model that breaks a rule by itself there is one claim. */
function listClaims(space: Space, arch: Arch, simulated: Choices, rules: readonly GateRule[]): Claim[] {
  const broken = rules.filter((rule) => breakRule(space, arch, rule).some((choices) => isWithin(choices, simulated)));
  if (broken.length > 0) return [{ kind: 'shut', rules: broken, choices: {} }];
  const all = rules.flatMap((rule) => breakRule(space, arch, rule).map((choices): Claim => ({ kind: 'shut', rules: [rule], choices: leaveOutFixed(choices, simulated) })));
  // What fewer choices shut is claimed of those.
  const shut = all.filter(({ choices }) => !all.some((other) => isWithin(other.choices, choices) && !isWithin(choices, other.choices)));
  const isShut = (choices: Choices) => shut.some((claim) => isWithin(claim.choices, choices));
  const values = Object.keys(space.axes).filter((axis) => !Object.hasOwn(simulated, axis)).flatMap((axis) => valuesFor(space, axis, arch).map((value) => ({ [axis]: value })));
  const open = values.filter((choices) => !isShut(choices)).map((choices): Claim => ({ kind: 'open', rules: [], choices }));
  return [...shut, ...open, { kind: 'always', rules, choices: {} }];
}

function leaveOutFixed(choices: Choices, simulated: Choices): Choices {
  return Object.fromEntries(Object.entries(choices).filter(([axis]) => !Object.hasOwn(simulated, axis)));
}

/** Whether all of these choices are among others. */
function isWithin(choices: Choices, others: Choices): boolean {
  return Object.entries(choices).every(([axis, value]) => others[axis] === value);
}

/** The clauses of one model, and literals for all that claims speak of. */
class Prover {
  readonly #possibilities: Possibilities;
  readonly #encoding: Encoding;
  readonly #solver: Solver;
  readonly #pins: readonly Literal[];
  readonly #selectors: ReadonlyMap<string, ReadonlyMap<string, Literal>>;
  readonly #met = new Map<GateRule, Literal>();

  constructor(z3: Z3, possibilities: Possibilities) {
    const { space, arch, model } = possibilities;
    this.#possibilities = possibilities;
    this.#encoding = new Encoding(model, mentionedSymbols(space, arch), mentionedValues(space, arch));
    this.#pins = this.#have(listRequests(space, arch, {}).requests);
    this.#selectors = new Map(Object.keys(space.axes).map((axis) => [axis, new Map(valuesFor(space, axis, arch).map((value) => [value, this.#selector(axis, value)]))]));
    for (const rule of listGates(space).flatMap(([, rules]) => rules)) this.#met.set(rule, this.#rule(rule));
    this.#solver = new Solver(z3, this.#encoding.cnf);
  }

  close(): void {
    this.#solver.close();
  }

  prove(symbol: string, rules: readonly GateRule[], claim: Claim): Pick<Proof, 'result' | 'witness'> {
    const isYes = this.#have([{ symbol, value: 'y', from: 'gate' }]);
    const chosen = Object.entries(claim.choices).map(([axis, value]) => this.#selectors.get(axis)?.get(value) ?? fails);
    const asked = wishLiterals(this.#encoding, this.#encoding.model.names.get(symbol) ?? -1, 'y') ?? [];
    const others = rules.filter((rule) => claim.kind !== 'shut' || !claim.rules.includes(rule)).map((rule) => this.#met.get(rule) ?? fails);
    const context = [...this.#pins, ...chosen];
    if (claim.kind === 'shut') {
      if (this.#solver.isPossible([...context, ...isYes])) return { result: 'refuted', witness: this.#witness(symbol, true, claim.choices) };
      return { result: this.#solver.isPossible([...context, ...others]) ? 'proven' : 'idle', witness: null };
    }
    if (claim.kind === 'always') {
      const isPossible = this.#solver.isPossible([...context, ...others, ...asked, -this.#encoding.cnf.and(...isYes)]);
      return isPossible ? { result: 'refuted', witness: this.#witness(symbol, false, claim.choices) } : { result: 'proven', witness: null };
    }
    if (this.#solver.isPossible([...context, ...others, ...asked, ...isYes])) {
      this.#witness(symbol, true, claim.choices);
      return { result: 'proven', witness: null };
    }
    if (!this.#solver.isPossible([...context, ...others, ...asked])) return { result: 'idle', witness: null };
    return { result: 'refuted', witness: this.#witness(symbol, false, claim.choices) };
  }

  /** The last model, as the evaluator confirms it: with the symbol at `y`, or asked for and refused. */
  #witness(symbol: string, isYes: boolean, claimed: Choices): Witness {
    const { space, arch, resolver } = this.#possibilities;
    const [met, asks] = this.#readModel();
    const choices = { ...met, ...claimed };
    const { requests, wishes } = listRequests(space, arch, choices);
    const [gate, others] = [wishes.filter((wish) => wish.symbol === symbol), wishes.filter((wish) => wish.symbol !== symbol)];
    const shows = (fill: readonly Request[]) => {
      const { lost } = resolver.check([...requests, ...gate], [...others, ...fill]);
      return lost.every((difference) => difference.symbol === symbol) && (lost.length === 0) === isYes;
    };
    if (!shows(asks)) throw new Error(`the solver has an answer on ${arch} that the evaluator refuses: ${JSON.stringify({ symbol, isYes, choices, asks })}`);
    return { choices, requested: requests, wished: wishes, fill: leaveOut(asks, shows) };
  }

  /** The choices of the last model, and what else it asks for; of a choice's members the chosen one last. */
  #readModel(): [choices: Record<string, string>, asks: Request[]] {
    const encoding = this.#encoding;
    const prompts = encoding.cone.flatMap((id) => (encoding.wish(id) ? [id] : []));
    const wishes = prompts.flatMap((id) => encoding.wish(id) ?? []);
    const selectors = [...this.#selectors.values()].flatMap((values) => [...values.values()]);
    const literals = [...selectors, ...wishes.flatMap(({ asked, level, texts }) => [asked, level.m, level.y, ...texts.values()])];
    const model = this.#solver.model([...new Set(literals)].filter((literal) => Math.abs(literal) !== holds));
    const isTrue = (literal: Literal) => literal === holds || model.has(literal);
    const choices = [...this.#selectors].flatMap(([axis, values]) => [...values].filter(([, literal]) => isTrue(literal)).slice(0, 1).map(([value]) => [axis, value]));
    const asks = prompts.flatMap((id) => this.#readWish(id, isTrue));
    return [Object.fromEntries(choices), ['n', 'm', 'y'].flatMap((last) => asks.filter(({ value }) => value === last)).concat(asks.filter(({ value }) => !/^[nmy]$/.test(value)))];
  }

  #readWish(id: SymbolId, isTrue: (literal: Literal) => boolean): Request[] {
    const { name, type } = this.#encoding.symbol(id);
    const wish = this.#encoding.wish(id);
    if (!wish || name === null || !isTrue(wish.asked)) return [];
    const { level: { m, y }, texts } = wish;
    const text = [...texts].find(([, literal]) => isTrue(literal))?.[0];
    const value = isLogical(type) ? (isTrue(y) ? 'y' : isTrue(m) ? 'm' : 'n') : text;
    return value === undefined ? [] : [{ symbol: name, value, from: 'witness' }];
  }

  #selector(axis: string, value: string): Literal {
    const { space, arch } = this.#possibilities;
    const { set = {}, wish = {} } = space.axes[axis]?.[value] ?? {};
    const { names } = this.#encoding.model;
    const wishes = Object.entries(wish).flatMap(([symbol, wanted]) => wishLiterals(this.#encoding, names.get(symbol) ?? -1, wanted) ?? []);
    const requests = Object.entries(set).map(([symbol, wanted]): Request => ({ symbol, value: wanted, from: `${arch} ${axis}=${value}` }));
    return this.#encoding.cnf.and(...this.#have(requests), ...wishes);
  }

  #rule(rule: GateRule): Literal {
    const { cnf } = this.#encoding;
    const { arch } = this.#possibilities;
    const hasAll = cnf.and(...listNamed(rule).map(([axis, values]) => {
      return axis === archAxis ? (values.includes(arch) ? holds : fails) : cnf.or(...values.map((value) => this.#selectors.get(axis)?.get(value) ?? fails));
    }));
    return rule.needs ? hasAll : -hasAll;
  }

  #have(requests: readonly Request[]): Literal[] {
    return requests.flatMap((request) => valueLiterals(this.#encoding, request) ?? [fails]);
  }
}

/** Fewer of some requests that still show the same. */
function leaveOut(asks: readonly Request[], shows: (kept: readonly Request[]) => boolean): Request[] {
  let kept = [...asks];
  const drop = (requests: readonly Request[]): void => {
    if (requests.length === 0) return;
    const without = kept.filter((request) => !requests.includes(request));
    if (shows(without)) kept = without;
    else if (requests.length > 1) {
      const half = requests.length >> 1;
      drop(requests.slice(0, half));
      drop(requests.slice(half));
    }
  };
  drop(asks);
  return kept;
}
