import type { Probabilities } from '../../kconfig/probability.ts';
import type { PassName } from '../../property/contract.ts';
import type { Seed } from '../../sampler/seed.ts';
import type { Arch } from '../../tree/records.ts';
import type { Place, UserError } from '../../util/errors.ts';

/** A text that was given, or a part of it: the body of a mail, something attached. `name` stands in messages. */
export type Part = { name: string; text: string; isMail: boolean };

/** A configuration as far as it was given. `isWhole`: a `.config`, of which nothing is left open. */
export type GivenConfig = { kind: 'config'; assignments: Record<string, string>; isWhole: boolean };

/** What `make randconfig` draws a configuration from. */
export type GivenRandom = { kind: 'random'; kconfigSeed: number; probabilities: Probabilities };

export type GivenSeed = { kind: 'seed'; seed: Seed };

/** What names one configuration. */
export type Recipe = GivenSeed | GivenConfig | GivenRandom;

/** One recipe, and where it was found. */
export type Found<R extends Recipe = Recipe> = { recipe: R; place: Place };

/** What one parser saw in a part: things of its kind, and what looks like one and is none. */
export type Search<R extends Recipe> = { found: Found<R>[]; broken: UserError[] };

/** An architecture that a text names: one that kinfuzz builds for, or another. */
export type NamedArch = { kind: 'known'; arch: Arch } | { kind: 'foreign'; name: string };

/**
 * One thing to reproduce, with all that the input says of it. What it does not say is null, or empty.
 */
export type Given = {
  recipe: Recipe;
  place: Place;
  arch: NamedArch | null;
  /** The space whose pins, targets and properties it was checked with. */
  space: string | null;
  /** Short name and fingerprint of the tree that it was seen with, and kind and fingerprint of the toolchain. */
  tree: { name: string; fingerprint: string } | null;
  toolchain: { kind: string; fingerprint: string } | null;
  passes: PassName[];
  /** Failures that it had, by their signatures. */
  signatures: string[];
  /** The whole configuration that it was, for comparing. */
  config: Record<string, string> | null;
  /** A shell script that shows the failure by itself. */
  script: string | null;
  /** What else was there and was not taken, in words. */
  aside: string[];
};
