import type { Possibilities } from '../space/possible.ts';
import { type Choices, nameTuple, type Tuple, valuesFor } from '../space/requests.ts';
import { listAxisSets, listTuples, tuplesOf } from '../space/tuples.ts';
import type { Space } from '../space/schema.ts';
import type { Arch } from '../tree/records.ts';
import { deriveSeed } from '../util/hash.ts';
import { openRandom, type Random } from '../util/random.ts';
import { drawArch } from './arch.ts';
import type { Drawer } from './drawer.ts';

/** One candidate of a covering run, before it is completed. `news`: tuples that no earlier row has. */
export type Row = { arch: Arch; choices: Choices; news: number };

/**
 * The covering candidates of all architectures of a space, one sequence: each architecture as often as its weight, and
 * none once its tuples are covered. A function of space, models, run seed and strength.
 */
export class CoverPlan {
  readonly #space: Space;
  readonly #runSeed: number;
  readonly #rows: Row[] = [];
  readonly #sequences: ReadonlyMap<Arch, CoverSequence>;
  #draws = 0;

  constructor(space: Space, drawers: ReadonlyMap<Arch, Drawer>, runSeed: number, strength: 2 | 3) {
    this.#space = space;
    this.#runSeed = runSeed;
    this.#sequences = new Map([...drawers].map(([arch, { possibilities }]) => {
      return [arch, new CoverSequence(possibilities, strength, deriveSeed(space.hash, runSeed, 'cover', strength, arch))];
    }));
  }

  /** Row `index`; null after the last: all is covered that can be. */
  row(index: number): Row | null {
    while (this.#rows.length <= index) {
      const row = this.#next();
      if (row === null) return null;
      this.#rows.push(row);
    }
    return this.#rows[index] ?? null;
  }

  #next(): Row | null {
    while ([...this.#sequences.values()].some(({ isDone }) => !isDone)) {
      const arch = drawArch(this.#space, this.#runSeed, this.#draws++);
      const row = this.#sequences.get(arch)?.next() ?? null;
      if (row !== null) return { arch, ...row };
    }
    return null;
  }
}

/** So many rows are thought of for each that is taken. */
const trials = 24;

/**
 * Rows that cover all tuples of one architecture, greedily: each is the best of many, each of which began with a tuple
 * that is still open and took for every further axis the value that meets most open tuples (AETG).
 */
export class CoverSequence {
  readonly #possibilities: Possibilities;
  readonly #random: Random;
  readonly #axes: readonly string[];
  readonly #axisSets: readonly (readonly string[])[];
  /** Axis sets that an axis is part of. */
  readonly #setsOf: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly #open: Map<string, Tuple>;
  /** Choices that are known to be impossible together, small ones. */
  readonly #nogoods: Tuple[] = [];

  constructor(possibilities: Possibilities, strength: 2 | 3, seed: number) {
    const { space, arch } = possibilities;
    this.#possibilities = possibilities;
    this.#random = openRandom(seed);
    this.#axes = Object.keys(space.axes);
    this.#axisSets = listAxisSets(space, strength);
    this.#setsOf = new Map(this.#axes.map((axis) => [axis, this.#axisSets.filter((set) => set.includes(axis))]));
    this.#open = new Map(listTuples(space, arch, strength).map((tuple) => [nameTuple(tuple), tuple]));
  }

  /** Whether every tuple is covered, or proven impossible. */
  get isDone(): boolean {
    return this.#open.size === 0;
  }

  /** The next row; null where none is needed any more. */
  next(): Omit<Row, 'arch'> | null {
    for (let start = this.#start(); start !== null; start = this.#start()) {
      let best: { choices: Choices; news: number } | null = null;
      for (let trial = 0; trial < trials; trial += 1) {
        const choices = this.#extend(trial === 0 ? start : this.#any());
        const news = choices === null ? 0 : this.#countNews(choices);
        if (choices !== null && news > (best?.news ?? 0)) best = { choices, news };
      }
      if (best === null) throw new Error(`no row of ${this.#possibilities.arch} has ${nameTuple(start)}, though one is possible`);
      if (this.#accept(best.choices)) return best;
    }
    return null;
  }

  /** An open tuple that is possible; those found impossible on the way are open no more. */
  #start(): Tuple | null {
    while (this.#open.size > 0) {
      const tuple = this.#any();
      if (this.#possibilities.isPossible(Object.fromEntries(tuple))) return tuple;
      this.#learn(Object.fromEntries(tuple));
      this.#open.delete(nameTuple(tuple));
    }
    return null;
  }

  #any(): Tuple {
    const tuples = [...this.#open.values()];
    return tuples[this.#random.below(tuples.length)] as Tuple;
  }

  /** A whole row around a tuple; null where what is known to be impossible leaves an axis without a value. */
  #extend(tuple: Tuple): Choices | null {
    const { space, arch } = this.#possibilities;
    const choices: Record<string, string> = Object.fromEntries(tuple);
    if (this.#isKnownImpossible(choices)) return null;
    for (const axis of this.#random.shuffle(this.#axes)) {
      if (choices[axis] !== undefined) continue;
      let best: { value: string; news: number } | null = null;
      for (const value of this.#random.shuffle(valuesFor(space, axis, arch))) {
        const wider = { ...choices, [axis]: value };
        if (this.#isKnownImpossible(wider)) continue;
        const news = this.#countAt(axis, wider);
        if (best === null || news > best.news) best = { value, news };
      }
      if (best === null) return null;
      choices[axis] = best.value;
    }
    return Object.fromEntries(this.#axes.map((axis) => [axis, choices[axis] as string]));
  }

  /** Whether the row can be had; if so, what it covers is no longer open. */
  #accept(choices: Choices): boolean {
    if (!this.#possibilities.isPossible(choices)) {
      this.#learn(choices);
      return false;
    }
    for (const name of tuplesOf(this.#axisSets, choices)) this.#open.delete(name);
    return true;
  }

  #learn(choices: Choices): void {
    const core = Object.entries(this.#possibilities.narrow(choices) ?? {});
    if (!this.#nogoods.some((known) => nameTuple(known) === nameTuple(core))) this.#nogoods.push(core);
    for (const [name, tuple] of this.#open) {
      if (core.every(([axis, value]) => tuple.some(([own, other]) => own === axis && other === value))) this.#open.delete(name);
    }
  }

  #isKnownImpossible(choices: Choices): boolean {
    return this.#nogoods.some((nogood) => nogood.every(([axis, value]) => choices[axis] === value));
  }

  #countNews(choices: Choices): number {
    return tuplesOf(this.#axisSets, choices).filter((name) => this.#open.has(name)).length;
  }

  /** Open tuples that an axis makes together with axes chosen before it. */
  #countAt(axis: string, choices: Choices): number {
    const sets = (this.#setsOf.get(axis) ?? []).filter((set) => set.every((other) => choices[other] !== undefined));
    return tuplesOf(sets, choices).filter((name) => this.#open.has(name)).length;
  }
}
