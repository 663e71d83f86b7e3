import { isChoice, isLogical, menusBelow, type Model } from '../kconfig/model.ts';
import type { SymbolId } from '../kconfig/expression.ts';
import type { Possibilities } from '../space/possible.ts';
import { type Choices, findForbid, listRequests, mentionedSymbols, valuesFor } from '../space/requests.ts';
import type { Random } from '../util/random.ts';
import type { Request } from './records.ts';

/** What a candidate asks for, beside what names it. */
export type Drawn = { choices: Record<string, string>; requested: Request[]; wished: Request[]; fill: Request[] };

/** An option that may be filled in, and the values it can have. */
type Fillable = { symbol: string; values: readonly string[] };

/**
 * Draws candidates of one architecture. Each is confirmed by the evaluator: what is requested is what results, or the
 * solver has proven that nothing can have these choices.
 */
export class Drawer {
  readonly possibilities: Possibilities;
  readonly #fillable: readonly Fillable[];
  readonly #densities: readonly number[];
  #prompts: SymbolId[] | null = null;

  /** @param reachable names of options that may be filled in, whether the architecture has them or not */
  constructor(possibilities: Possibilities, reachable: readonly string[]) {
    this.possibilities = possibilities;
    const { space, model } = possibilities;
    this.#densities = space.fill.densities;
    const taken = new Set([...mentionedSymbols(space, possibilities.arch), ...space.fill.except]);
    this.#fillable = this.#densities.every((density) => density === 0) ? [] : listFillable(model, reachable, taken);
  }

  /** Values drawn by weight; where they rule each other out, axes that come later in a random order give way. */
  draw(random: Random): Drawn {
    const { space, arch } = this.possibilities;
    const axes = random.shuffle(Object.keys(space.axes));
    const ranks = Object.fromEntries(axes.map((axis) => [axis, rankByWeight(space.axes[axis] ?? {}, valuesFor(space, axis, arch), random)]));
    const first = this.complete(Object.fromEntries(Object.keys(space.axes).map((axis) => [axis, ranks[axis]?.[0] ?? ''])), random);
    if (first !== null) return first;
    // Values that go together in pairs mostly go together: the exact way costs the solver more, and ends the same.
    const inPairs = this.#settle(axes, ranks, (settled, axis, name) => Object.entries(settled).every((entry) => this.possibilities.isPossible(Object.fromEntries([entry, [axis, name]]))));
    const drawn = this.complete(inPairs, random);
    if (drawn !== null) return drawn;
    return this.fulfil(this.#settle(axes, ranks, (settled, axis, name) => this.possibilities.isPossible({ ...settled, [axis]: name })), random);
  }

  /** The candidate of choices that are known to be possible. */
  fulfil(choices: Choices, random: Random): Drawn {
    const drawn = this.complete(choices, random);
    if (drawn === null) throw new Error(`these were thought possible on ${this.possibilities.arch}, and are not: ${JSON.stringify(choices)}`);
    return drawn;
  }

  /** Requests for these choices, with what they need, and random fill; null where nothing can have them. */
  complete(choices: Choices, random: Random): Drawn | null {
    const requested = this.request(choices, random);
    if (requested === null) return null;
    this.possibilities.learnPairs(choices);
    const wished = this.wishes(choices);
    return { choices: { ...choices }, requested, wished, fill: this.keep(requested, wished, this.#drawFill(random)) };
  }

  /**
   * Requests for these choices, with what they need beside; null where nothing can have them. Which prompts are set
   * where there is a choice is drawn.
   */
  request(choices: Choices, random: Random): Request[] | null {
    const { space, arch, resolver } = this.possibilities;
    const { requests, wishes, conflict } = listRequests(space, arch, choices);
    if (conflict || findForbid(space, choices)) return null;
    if (this.possibilities.comesAbout(requests, wishes)) return requests;
    const needed = this.possibilities.needed(choices, random.shuffle(this.#touchable()));
    if (needed === null) return null;
    const requested = [...requests, ...needed];
    if (!this.possibilities.comesAbout(requested, wishes)) throw new Error(`the solver has an answer on ${arch} that the evaluator refuses: ${JSON.stringify({ choices, needed, ...resolver.check(requested, wishes) })}`);
    return requested;
  }

  /** What is asked for beside the requests for these choices. */
  wishes(choices: Choices): Request[] {
    return listRequests(this.possibilities.space, this.possibilities.arch, choices).wishes;
  }

  /** As many of the fill requests as leave the requested values alone. */
  keep(requested: readonly Request[], wished: readonly Request[], fill: readonly Request[]): Request[] {
    const kept: Request[] = [];
    const add = (requests: readonly Request[]): void => {
      if (requests.length === 0) return;
      if (this.possibilities.comesAbout(requested, [...wished, ...kept, ...requests])) {
        kept.push(...requests);
      } else if (requests.length > 1) {
        const half = requests.length >> 1;
        add(requests.slice(0, half));
        add(requests.slice(half));
      }
    };
    add(fill);
    return kept;
  }

  /** Values that go together: each axis takes its best one that is possible beside those before it. */
  #settle(axes: readonly string[], ranks: Record<string, readonly string[]>, fits: (settled: Choices, axis: string, name: string) => boolean): Record<string, string> {
    const settled: Record<string, string> = {};
    for (const axis of axes) {
      const value = ranks[axis]?.find((name) => fits(settled, axis, name));
      if (value !== undefined) settled[axis] = value;
    }
    return Object.fromEntries(Object.keys(this.possibilities.space.axes).flatMap((axis) => (settled[axis] === undefined ? [] : [[axis, settled[axis]]])));
  }

  /** Prompts that a candidate may need to have set: none that the space speaks of. */
  #touchable(): SymbolId[] {
    const mentioned = mentionedSymbols(this.possibilities.space, this.possibilities.arch);
    this.#prompts ??= this.possibilities.prompts().filter((id) => !mentioned.has(this.possibilities.model.symbols[id]?.name ?? ''));
    return this.#prompts;
  }

  #drawFill(random: Random): Request[] {
    const density = this.#densities[random.below(this.#densities.length)] ?? 0;
    return this.#fillable.flatMap(({ symbol, values }) => {
      const isAsked = random.next() < density;
      const value = values[random.below(values.length)] as string;
      return isAsked ? [{ symbol, value, from: 'fill' }] : [];
    });
  }
}

/** Names in a random order in which the first has each place by its weight (Efraimidis and Spirakis). */
function rankByWeight(values: Record<string, { weight: number }>, names: readonly string[], random: Random): string[] {
  const keys = new Map(names.map((name) => [name, -Math.log(1 - random.next()) / (values[name]?.weight ?? 1)]));
  return [...names].sort((left, right) => (keys.get(left) ?? 0) - (keys.get(right) ?? 0));
}

/** Bools and tristates with a prompt; members of a choice only where the space speaks of none of them. */
function listFillable(model: Model, reachable: readonly string[], taken: ReadonlySet<string>): Fillable[] {
  return reachable.flatMap((symbol) => {
    const id = model.names.get(symbol);
    const found = id === undefined ? undefined : model.symbols[id];
    if (!found || taken.has(symbol) || !isLogical(found.type) || found.isTransitional || isChoice(found)) return [];
    if (!found.properties.some(({ type }) => type === 'prompt')) return [];
    const members = found.choice ? [...menusBelow(found.choice)].map((menu) => menu.symbol?.name ?? '') : [];
    if (members.some((name) => taken.has(name))) return [];
    // A choice is asked for by what is chosen.
    return [{ symbol: found.name ?? symbol, values: found.choice ? ['y'] : found.type === 'bool' ? ['y', 'n'] : ['y', 'm', 'n'] }];
  });
}
