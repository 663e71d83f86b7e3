import type { Request } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';

export type { Request } from '../space/requests.ts';

/** How a run takes its candidates: at random, or so that all pairs or triples of values are covered first. */
export type Cover = 0 | 2 | 3;

/** One sampled assignment; a pure function of space, tree, toolchain, run seed, cover and index. */
export type Candidate = {
  index: number;
  runSeed: number;
  cover: Cover;
  arch: Arch;
  /** Axis to the name of its drawn value. */
  choices: Record<string, string>;
  /** What the resolved configuration has to have: pins, values of axes, and what these need. */
  requested: Request[];
  /** What the space asks for beside, and does not insist on; the symbols that it judges. */
  wished: Request[];
  /** Options outside the axes, drawn at random. Asked for, and not insisted on. */
  fill: Request[];
  /** A case in the place of a drawn candidate, by the word that `kinfuzz repro` takes; its index is below zero in a run. */
  replays?: string;
};

/** A request that did not survive the resolution. `effective` is `n` where the symbol is not there at all. */
export type LostRequest = Request & { effective: string };
