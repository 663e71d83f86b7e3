import { isLogical, type Model } from '../kconfig/model.ts';
import type { SymbolId } from '../kconfig/expression.ts';
import { placeOf } from '../kconfig/explain.ts';
import { formatExpression } from '../kconfig/print-expression.ts';
import { Resolver } from '../kconfig/resolver.ts';
import type { Arch } from '../tree/records.ts';
import { fails, type Literal } from './cnf.ts';
import { findCone } from './cone.ts';
import { Encoding } from './encode.ts';
import { valueLiterals, wishLiterals } from './literals.ts';
import { type Demand, Reasons, type Rule } from './reasons.ts';
import { type Choices, findForbid, heldSymbols, listRequests, mentionedSymbols, mentionedValues, nameTuple, type Request, valuesFor } from './requests.ts';
import type { Space } from './schema.ts';
import { Solver, type Z3 } from './solver.ts';

/**
 * Why some choices cannot be had. `forbidden`: the space's own word; `conflict`: two parts of the space ask for
 * different values of one symbol; `rules`: lines of the tree that contradict the demands, each of them needed.
 */
export type WhyNot =
  | { kind: 'forbidden'; reason: string }
  | { kind: 'conflict'; demands: string[] }
  | { kind: 'rules'; demands: string[]; rules: Rule[] }
  /** No rule speaks against these alone, but no value of `axis` goes with them; null: no values of the other axes together. */
  | { kind: 'incomplete'; demands: string[]; axis: string | null };

/**
 * `pins`: what they ask for, null where they cannot be asked for. `selectors`: a literal for each `axis=value`.
 * `isWhole`: each axis has a value.
 */
type Exact = { encoding: Encoding; solver: Solver; pins: Literal[] | null; isWhole: Literal; selectors: ReadonlyMap<string, Literal> };

/**
 * What a space can have on one architecture: whether any configuration has the values of some axes, what else it
 * takes, and why not. Configurations in which something is selected against its dependencies do not count, unless the
 * pins alone lead to one. Answers depend on the space and the model alone, not on earlier questions.
 */
export class Possibilities {
  readonly space: Space;
  readonly arch: Arch;
  readonly model: Model;
  readonly resolver: Resolver;
  readonly #z3: Z3;
  readonly #known = new Map<string, boolean>();
  #exact: Exact | null = null;
  #reasons: Reasons | null = null;
  #isStrict: boolean | null = null;
  #ids: readonly SymbolId[] | null = null;

  constructor(space: Space, arch: Arch, model: Model, z3: Z3) {
    this.space = space;
    this.arch = arch;
    this.model = model;
    this.resolver = new Resolver(model);
    this.#z3 = z3;
  }

  /** Whether a configuration has all of these values, and one that the space allows of each other axis. */
  isPossible(choices: Choices): boolean {
    const key = nameTuple(Object.entries(choices));
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fixed = this.#assume(choices);
    const answer = fixed !== null && this.#solver().solver.isPossible(fixed);
    this.#known.set(key, answer);
    return answer;
  }

  /** Whether a configuration has the pins and all of these values, whatever becomes of the other axes. */
  isPossibleAlone(choices: Choices): boolean {
    const fixed = this.#assume(choices, false);
    return fixed !== null && this.#solver().solver.isPossible(fixed);
  }

  /** Notes that a configuration has all of these values, and so any two of them. Only saves questions. */
  learnPairs(choices: Choices): void {
    const entries = Object.entries(choices);
    for (const [index, one] of entries.entries()) {
      for (const other of entries.slice(index + 1)) this.#known.set(nameTuple([one, other]), true);
    }
  }

  /** Whether these requests come about, as the evaluator sees it. */
  comesAbout(requests: readonly Request[], others: readonly Request[] = []): boolean {
    // Looked up first: finding it out asks the evaluator too.
    const { isStrict } = this;
    return this.resolver.comesAbout(requests, others, this.#cone(), isStrict);
  }

  /** Whether selecting against dependencies can be done without: false where the pins lead to it. */
  get isStrict(): boolean {
    this.#isStrict ??= this.#findStrict();
    return this.#isStrict;
  }

  #findStrict(): boolean {
    const { lost, unmet } = this.resolver.check(listRequests(this.space, this.arch, {}).requests, [], this.#cone());
    if (lost.length === 0 && unmet === 0) return true;
    const { encoding, solver, pins } = this.#solver();
    return pins === null || solver.isPossible([...pins, encoding.isSound]) || !solver.isPossible(pins);
  }

  #cone(): readonly SymbolId[] {
    this.#ids ??= findCone(this.model, mentionedSymbols(this.space, this.arch));
    return this.#ids;
  }

  /** The fewest of these choices that already cannot be had, in the order given; null where all can. */
  narrow(choices: Choices): Choices | null {
    if (this.isPossible(choices)) return null;
    let kept = Object.entries(choices);
    for (const entry of kept) {
      const without = kept.filter((other) => other !== entry);
      if (!this.isPossible(Object.fromEntries(without))) kept = without;
    }
    return Object.fromEntries(kept);
  }

  /**
   * What has to be asked for beside the requests, so that they come about: the fewest prompts away from their
   * defaults, earlier ones of `order` left alone rather than later ones. Null where nothing helps.
   *
   * @param order ids of the prompts that may be touched
   */
  needed(choices: Choices, order: readonly SymbolId[]): Request[] | null {
    if (this.#hasImpossiblePair(choices)) return null;
    const { encoding, solver } = this.#solver();
    const fixed = this.#assume(choices);
    if (fixed === null || !solver.isPossible(fixed)) return null;
    const { requests, wishes } = listRequests(this.space, this.arch, choices);
    const asked = new Set([...requests, ...wishes].map(({ symbol }) => this.model.names.get(symbol)));
    const free = order.filter((id) => encoding.wish(id) !== null && !asked.has(id));
    const off = (ids: readonly SymbolId[]) => ids.map((id) => -(encoding.wish(id)?.asked ?? fails));
    const left = new Set<SymbolId>();
    const add = (ids: readonly SymbolId[]): void => {
      if (ids.length === 0) return;
      if (solver.isPossible([...fixed, ...off([...left]), ...off(ids)])) for (const id of ids) left.add(id);
      else if (ids.length > 1) {
        const half = ids.length >> 1;
        add(ids.slice(0, half));
        add(ids.slice(half));
      }
    };
    add(free);
    const settled = [...fixed, ...off([...left])];
    return free.filter((id) => !left.has(id)).map((id) => {
      const { name, type } = this.model.symbols[id] as { name: string; type: string };
      const values = isLogical(type as never) ? (type === 'bool' ? ['y', 'n'] : ['y', 'm', 'n']) : [...(encoding.wish(id)?.texts.keys() ?? [])];
      const value = values.find((candidate) => solver.isPossible([...settled, ...(wishLiterals(encoding, id, candidate) ?? [fails])])) ?? 'n';
      settled.push(...(wishLiterals(encoding, id, value) ?? []));
      return { symbol: name, value, from: 'needed' };
    });
  }

  /** Prompts of the cone, in the order of the files. */
  prompts(): SymbolId[] {
    const { encoding } = this.#solver();
    return encoding.cone.filter((id) => encoding.wish(id) !== null);
  }

  /** Why these choices cannot be had. Only asked where they cannot. */
  whyNot(choices: Choices): WhyNot {
    const forbid = findForbid(this.space, choices);
    if (forbid) return { kind: 'forbidden', reason: forbid.reason };
    const { requests, conflict } = listRequests(this.space, this.arch, choices);
    if (conflict) return { kind: 'conflict', demands: conflict.map(formatRequest) };
    this.#reasons ??= new Reasons(this.#z3, this.model, mentionedSymbols(this.space, this.arch), mentionedValues(this.space, this.arch));
    const reasons = this.#reasons;
    // What was asked about comes before the pins: it is what the answer should name.
    const ordered = [...requests.filter(({ from }) => !from.startsWith('pin')), ...requests.filter(({ from }) => from.startsWith('pin'))];
    const demands = ordered.map((request): Demand => ({ label: formatRequest(request), literals: valueLiterals(reasons, request) ?? [fails] }));
    const stranger = ordered.find((_, index) => demands[index]?.literals.includes(fails));
    if (stranger) return { kind: 'rules', demands: [formatRequest(stranger)], rules: [{ place: 'Kconfig', text: `no file of ${this.arch} lets ${stranger.symbol} be ${stranger.value}` }] };
    const found = reasons.explain(demands);
    if (found) return { kind: 'rules', demands: found.demands.map(({ label }) => label), rules: found.rules.length > 0 ? found.rules : this.#listRanges(ordered.filter((request) => found.demands.some(({ label }) => label === formatRequest(request)))) };
    const open = Object.keys(this.space.axes).filter((axis) => choices[axis] === undefined);
    const axis = open.find((other) => valuesFor(this.space, other, this.arch).every((name) => !this.isPossibleAlone({ ...choices, [other]: name }))) ?? null;
    return { kind: 'incomplete', axis, demands: Object.entries(this.narrow(choices) ?? choices).map(([one, value]) => `${one}=${value}`) };
  }

  /** Gives the solvers' memory back; the next question takes it again. */
  close(): void {
    this.#exact?.solver.close();
    this.#reasons?.close();
    this.#exact = null;
    this.#reasons = null;
  }

  /** @throws Error where the space contradicts itself: {@link isPossible} was not asked first */
  requests(choices: Choices): Request[] {
    return listRequests(this.space, this.arch, choices).requests;
  }


  /** As far as is known already. */
  #hasImpossiblePair(choices: Choices): boolean {
    const entries = Object.entries(choices);
    return entries.some((one, index) => entries.slice(index + 1).some((other) => this.#known.get(nameTuple([one, other])) === false));
  }

  /** Null where the space itself rules the choices out. */
  #assume(choices: Choices, mustBeWhole = true): Literal[] | null {
    const { encoding, pins, isWhole, selectors } = this.#solver();
    const chosen = Object.entries(choices).map(([axis, name]) => selectors.get(`${axis}=${name}`) ?? null);
    if (pins === null || chosen.some((literal) => literal === null)) return null;
    return [...pins, ...(mustBeWhole ? [isWhole] : []), ...(chosen as Literal[]), ...(this.isStrict ? [encoding.isSound] : [])];
  }

  #solver(): Exact {
    this.#exact ??= this.#encode();
    return this.#exact;
  }

  /** The cone, and on top of it a literal for each value of each axis. */
  #encode(): Exact {
    const { space, arch } = this;
    const encoding = new Encoding(this.model, mentionedSymbols(space, arch), mentionedValues(space, arch));
    const { cnf } = encoding;
    const pinned = listRequests(space, arch, {});
    const demanded = pinned.conflict ? null : this.#demand(encoding, pinned.requests);
    const isSet = new Set(Object.values(space.axes).flatMap((values) => Object.values(values).flatMap(({ set }) => Object.keys(set))));
    // What every candidate wishes for, unless an axis has another word on it.
    const pins = demanded && [...demanded, ...this.#wish(encoding, pinned.wishes.filter(({ symbol }) => !isSet.has(symbol)))];
    const isPinned = new Set([...pinned.requests, ...pinned.wishes].map(({ symbol }) => symbol));
    const isWhole = cnf.fresh();
    const selectors = new Map<string, Literal>();
    const settersOf = new Map<string, Literal[]>();
    for (const axis of Object.keys(space.axes)) {
      const own = valuesFor(space, axis, arch).map((name) => {
        const selector = cnf.fresh();
        const set = Object.entries(space.axes[axis]?.[name]?.set ?? {});
        const wishes = Object.entries(space.axes[axis]?.[name]?.wish ?? {});
        const toHave = this.#demand(encoding, set.map(([symbol, value]) => ({ symbol, value, from: '' })));
        for (const literal of toHave ?? [fails]) cnf.require(-selector, literal);
        for (const literal of this.#wish(encoding, wishes.map(([symbol, value]) => ({ symbol, value, from: '' })))) cnf.require(-selector, literal);
        for (const [symbol] of [...set, ...wishes]) settersOf.set(symbol, [...(settersOf.get(symbol) ?? []), selector]);
        selectors.set(`${axis}=${name}`, selector);
        return selector;
      });
      cnf.atMostOne(own);
      cnf.require(-isWhole, ...own);
    }
    for (const axis of Object.keys(space.axes)) {
      for (const name of valuesFor(space, axis, arch)) {
        for (const symbol of heldSymbols(space, axis, name).filter((held) => !isPinned.has(held))) {
          const wish = encoding.wish(this.model.names.get(symbol) ?? -1);
          if (wish) cnf.require(-(selectors.get(`${axis}=${name}`) ?? fails), -wish.asked, ...(settersOf.get(symbol) ?? []));
        }
      }
    }
    for (const { when } of space.forbid) {
      const met = Object.entries(when).map(([axis, names]) => cnf.or(...names.map((name) => selectors.get(`${axis}=${name}`) ?? fails)));
      cnf.require(-cnf.and(...met));
    }
    return { encoding, pins, isWhole, selectors, solver: new Solver(this.#z3, cnf) };
  }

  /** What is asked for, whatever comes of it. */
  #wish(encoding: Encoding, wishes: readonly Request[]): Literal[] {
    return wishes.flatMap(({ symbol, value }) => wishLiterals(encoding, this.model.names.get(symbol) ?? -1, value) ?? []);
  }

  /** Null where the space asks for what the architecture does not define. */
  #demand(encoding: Encoding, requests: readonly Request[]): Literal[] | null {
    const found: Literal[] = [];
    for (const request of requests) {
      const id = this.model.names.get(request.symbol);
      const values = valueLiterals(encoding, request);
      if (values === null) return null;
      found.push(...values, ...(id === undefined ? [] : (wishLiterals(encoding, id, request.value) ?? [])));
    }
    return found;
  }

  /** Numbers are held within their ranges without a rule of its own. */
  #listRanges(requests: readonly Request[]): Rule[] {
    return requests.flatMap(({ symbol }) => {
      const { properties = [] } = this.model.symbols[this.model.names.get(symbol) ?? -1] ?? {};
      const show = (id: number) => formatExpression(this.model, id, ({ name }) => name ?? '');
      return properties.filter(({ type }) => type === 'range').map((property) => ({ place: placeOf(property), text: `${symbol} range ${show(property.expression)} if ${show(property.visible)}` }));
    });
  }

}

export function formatRequest({ symbol, value, from }: Request): string {
  return `${symbol}=${value} (${from})`;
}

/** One sentence: what rules what out, and from which lines. */
export function formatWhyNot(why: WhyNot): string {
  if (why.kind === 'forbidden') return `the space forbids it: ${why.reason}`;
  if (why.kind === 'conflict') return `the space asks for ${why.demands.join(' and ')}`;
  if (why.kind === 'incomplete') return `${why.demands.join(' with ') || 'the pins'}: ${why.axis === null ? 'no values of the other axes go with this' : `no value of axis ${why.axis} goes with this`}`;
  return `${why.demands.join(' with ')}: ${why.rules.map(({ place, text }) => `${place}: ${text}`).join('; ')}`;
}
