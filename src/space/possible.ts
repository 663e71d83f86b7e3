import { isLogical, type Model } from '../kconfig/model.ts';
import type { SymbolId } from '../kconfig/expression.ts';
import { placeOf } from '../kconfig/explain.ts';
import { formatExpression } from '../kconfig/print-expression.ts';
import { Resolver } from '../kconfig/resolver.ts';
import type { Arch } from '../tree/records.ts';
import { fails, type Literal } from './cnf.ts';
import { type ConeValues, unquote } from './cone-values.ts';
import { Encoding } from './encode.ts';
import { type Demand, Reasons, type Rule } from './reasons.ts';
import { type Choices, findForbid, heldSymbols, listRequests, mentionedSymbols, nameTuple, type Request } from './requests.ts';
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
  /** The solver finds no way, and no single rules say why: `demands` are the fewest that rule each other out. */
  | { kind: 'unexplained'; demands: string[] };

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
  #exact: { encoding: Encoding; solver: Solver } | null = null;
  #reasons: Reasons | null = null;
  #isStrict: boolean | null = null;

  constructor(space: Space, arch: Arch, model: Model, z3: Z3) {
    this.space = space;
    this.arch = arch;
    this.model = model;
    this.resolver = new Resolver(model);
    this.#z3 = z3;
  }

  /** Whether a configuration has all of these values; axes that are not named may have any. */
  isPossible(choices: Choices): boolean {
    const key = nameTuple(Object.entries(choices));
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask(choices);
    this.#known.set(key, answer);
    return answer;
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
    const { lost, unmet } = this.resolver.check(requests, others);
    return lost.length === 0 && (unmet === 0 || !this.isStrict);
  }

  /** Whether selecting against dependencies can be done without: false where the pins lead to it. */
  get isStrict(): boolean {
    this.#isStrict ??= this.#findStrict();
    return this.#isStrict;
  }

  #findStrict(): boolean {
    const pins = listRequests(this.space, this.arch, {}).requests;
    const { lost, unmet } = this.resolver.check(pins);
    if (lost.length === 0 && unmet === 0) return true;
    const { encoding, solver } = this.#solver();
    const fixed = this.#literals({});
    return fixed === null || solver.isPossible([...fixed, encoding.isSound]) || !solver.isPossible(fixed);
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
    const { encoding, solver } = this.#solver();
    const fixed = this.#assume(choices);
    if (fixed === null || !solver.isPossible(fixed)) return null;
    const asked = new Set(this.requests(choices).map(({ symbol }) => this.model.names.get(symbol)));
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
    this.#reasons ??= new Reasons(this.#z3, this.model, mentionedSymbols(this.space), this.#texts());
    const reasons = this.#reasons;
    // What was asked about comes before the pins: it is what the answer should name.
    const ordered = [...requests.filter(({ from }) => !from.startsWith('pin')), ...requests.filter(({ from }) => from.startsWith('pin'))];
    const demands = ordered.map((request): Demand => ({ label: formatRequest(request), literals: valueLiterals(reasons, request) ?? [fails] }));
    const stranger = ordered.find((_, index) => demands[index]?.literals.includes(fails));
    if (stranger) return { kind: 'rules', demands: [formatRequest(stranger)], rules: [{ place: 'Kconfig', text: `no file of ${this.arch} lets ${stranger.symbol} be ${stranger.value}` }] };
    const found = reasons.explain(demands);
    if (found) return { kind: 'rules', demands: found.demands.map(({ label }) => label), rules: found.rules.length > 0 ? found.rules : this.#listRanges(ordered) };
    return { kind: 'unexplained', demands: Object.entries(this.narrow(choices) ?? choices).map(([axis, value]) => `${axis}=${value}`) };
  }

  /** @throws Error where the space contradicts itself: {@link isPossible} was not asked first */
  requests(choices: Choices): Request[] {
    return listRequests(this.space, this.arch, choices).requests;
  }

  /** Numbers are held within their ranges without a rule of its own. */
  #listRanges(requests: readonly Request[]): Rule[] {
    return requests.flatMap(({ symbol }) => {
      const { properties = [] } = this.model.symbols[this.model.names.get(symbol) ?? -1] ?? {};
      const show = (id: number) => formatExpression(this.model, id, ({ name }) => name ?? '');
      return properties.filter(({ type }) => type === 'range').map((property) => ({ place: placeOf(property), text: `${symbol} range ${show(property.expression)} if ${show(property.visible)}` }));
    });
  }

  #ask(choices: Choices): boolean {
    if (findForbid(this.space, choices)) return false;
    const fixed = this.#assume(choices);
    return fixed !== null && this.#solver().solver.isPossible(fixed);
  }

  /** Null where the space contradicts itself, or asks for what the architecture does not define. */
  #assume(choices: Choices): Literal[] | null {
    const found = this.#literals(choices);
    return found === null || !this.isStrict ? found : [...found, this.#solver().encoding.isSound];
  }

  #literals(choices: Choices): Literal[] | null {
    const { requests, conflict } = listRequests(this.space, this.arch, choices);
    if (conflict) return null;
    const { encoding } = this.#solver();
    const found: Literal[] = [];
    for (const request of requests) {
      const id = this.model.names.get(request.symbol);
      const values = valueLiterals(encoding, request);
      if (values === null) return null;
      found.push(...values, ...(id === undefined ? [] : (wishLiterals(encoding, id, request.value) ?? [])));
    }
    const asked = new Set(requests.map(({ symbol }) => symbol));
    for (const symbol of heldSymbols(this.space, choices)) {
      const wish = encoding.wish(this.model.names.get(symbol) ?? -1);
      if (wish && !asked.has(symbol)) found.push(-wish.asked);
    }
    return found;
  }

  #solver(): { encoding: Encoding; solver: Solver } {
    if (this.#exact === null) {
      const encoding = new Encoding(this.model, mentionedSymbols(this.space), this.#texts());
      this.#exact = { encoding, solver: new Solver(this.#z3, encoding.cnf) };
    }
    return this.#exact;
  }

  /** Numbers and strings that the space asks for. */
  #texts(): Map<string, Set<string>> {
    const { pins, arches, axes } = this.space;
    const found = new Map<string, Set<string>>();
    const sets = [pins, ...Object.values(arches).map((arch) => arch.pins), ...Object.values(axes).flatMap((values) => Object.values(values).map(({ set }) => set))];
    for (const [symbol, value] of sets.flatMap((set) => Object.entries(set))) found.set(symbol, (found.get(symbol) ?? new Set()).add(value));
    return found;
  }
}

/** That a symbol has a value; null where the architecture does not know the symbol, and it is not `n` that is wanted. */
function valueLiterals(encoding: ConeValues, { symbol, value }: Request): Literal[] | null {
  const id = encoding.model.names.get(symbol);
  const type = id === undefined ? 'unknown' : encoding.symbol(id).type;
  if (id === undefined || type === 'unknown') return value === 'n' ? [] : null;
  if (isLogical(type)) {
    const { m, y } = encoding.level(id);
    return value === 'y' ? [y] : value === 'm' ? [m, -y] : [-m];
  }
  return [encoding.values(id).get(unquote(value)) ?? fails, encoding.written(id)];
}

/** That a symbol is asked for with a value; null where it cannot be asked for. */
function wishLiterals(encoding: ConeValues, id: SymbolId, value: string): Literal[] | null {
  const wish = encoding.wish(id);
  if (wish === null) return null;
  if (!isLogical(encoding.symbol(id).type)) return [wish.asked, wish.texts.get(value) ?? fails];
  const { m, y } = wish.level;
  return [wish.asked, ...(value === 'y' ? [y] : value === 'm' ? [m, -y] : [-m])];
}

export function formatRequest({ symbol, value, from }: Request): string {
  return `${symbol}=${value} (${from})`;
}

/** One sentence: what rules what out, and from which lines. */
export function formatWhyNot(why: WhyNot): string {
  if (why.kind === 'forbidden') return `the space forbids it: ${why.reason}`;
  if (why.kind === 'conflict') return `the space asks for ${why.demands.join(' and ')}`;
  if (why.kind === 'unexplained') return `${why.demands.join(' with ')}: the solver finds no way, and no few lines say why`;
  return `${why.demands.join(' with ')}: ${why.rules.map(({ place, text }) => `${place}: ${text}`).join('; ')}`;
}
