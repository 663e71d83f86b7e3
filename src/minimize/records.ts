/** What became of one trial: the failure that is minimized showed, did not, was hidden by another one, or nothing is known. */
export type Outcome = 'fails' | 'passes' | 'hidden' | 'unknown';

/** Assignments to try on top of the base; `key` is the same where the resolved configuration is. */
export type Trial<E> = { elements: readonly E[]; key: string };

/** How far a search is. `remaining`: assignments that may still go; `estimate`: further trials, about. */
export type Progress<E> = { remaining: number; trials: number; estimate: number; best: readonly E[] };

/** What is to be minimized; the world is behind `keyOf` and `test`. */
export type Problem<E> = {
  /** All of them together fail, none of them passes. The likeliest cause first. */
  elements: readonly E[];
  /** How likely an element is part of the cause, beside others. */
  weightOf: (element: E) => number;
  /** Adds to some elements those without which they would not come about. */
  complete: (elements: readonly E[]) => readonly E[];
  keyOf: (elements: readonly E[]) => string;
  test: (trial: Trial<E>) => Promise<Outcome>;
  /** Trials at once. More take less time and more trials. */
  width: number;
  /** How often a trial that told nothing is made again. */
  retries: number;
  /** Outcomes that are known already, by key. */
  known: ReadonlyMap<string, Outcome>;
  onProgress: (progress: Progress<E>) => void;
};

/** One element less, and what that does. */
export type Neighbour<E> = Trial<E> & { without: E; outcome: Exclude<Outcome, 'fails'> };

/** Assignments that fail together, each of which was left out once. */
export type Minimal<E> = {
  elements: readonly E[];
  neighbours: readonly Neighbour<E>[];
  /** Whether the failure is gone without any one of them: no neighbour told nothing. */
  isMinimal: boolean;
  /** Configurations that were tested; each once, repetitions of those that told nothing aside. */
  trials: number;
};
