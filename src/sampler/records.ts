import type { Arch } from '../tree/records.ts';

/** One assignment that a candidate asks for, and why: a pin, or `axis=value`. */
export type Request = { symbol: string; value: string; from: string };

/** One sampled assignment; a pure function of space, run seed and index. */
export type Candidate = {
  index: number;
  runSeed: number;
  arch: Arch;
  /** Axis to the name of its drawn value. */
  choices: Record<string, string>;
  requested: Request[];
};

/** A request that did not survive the resolution. `effective` is `n` where the symbol is not there at all. */
export type LostRequest = Request & { effective: string };
