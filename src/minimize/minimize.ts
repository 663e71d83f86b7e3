import { narrow, type Question, type Search, shave } from './narrow.ts';
import type { Minimal, Neighbour, Outcome, Problem, Trial } from './records.ts';

/**
 * Finds assignments that fail together and none of which can go. No configuration is tested twice. What tells nothing is
 * tried again, and counts neither for nor against an element: it stays, and the result says so.
 */
export async function minimize<E>(problem: Problem<E>): Promise<Minimal<E>> {
  const run = new Run(problem);
  const found = await run.follow(narrow(problem.elements, problem.weightOf, problem.width), problem.complete);
  const elements = await run.follow(shave(problem.complete(found), problem.width), (set) => set);
  const neighbours = elements.map((without): Neighbour<E> => {
    const trial = run.trial(elements.filter((element) => element !== without));
    return { ...trial, without, outcome: run.outcome(trial) as Neighbour<E>['outcome'] };
  });
  return { elements, neighbours, isMinimal: neighbours.every(({ outcome }) => outcome !== 'unknown'), trials: run.trials };
}

class Run<E> {
  trials = 0;
  readonly #problem: Problem<E>;
  readonly #outcomes: Map<string, Outcome>;
  #best: readonly E[];

  constructor(problem: Problem<E>) {
    this.#problem = problem;
    this.#outcomes = new Map(problem.known);
    this.#best = problem.elements;
  }

  async follow(search: Search<E>, complete: (elements: readonly E[]) => readonly E[]): Promise<readonly E[]> {
    let step = search.next();
    while (!step.done) step = search.next(await this.#ask(step.value, complete));
    return step.value;
  }

  trial(elements: readonly E[]): Trial<E> {
    return { elements, key: this.#problem.keyOf(elements) };
  }

  outcome({ key }: Trial<E>): Outcome {
    return this.#outcomes.get(key) ?? 'unknown';
  }

  async #ask(question: Question<E>, complete: (elements: readonly E[]) => readonly E[]): Promise<boolean[]> {
    const trials = question.sets.map((set) => this.trial(complete(set)));
    this.#tell(question);
    const unknown = new Map(trials.filter(({ key }) => !this.#outcomes.has(key)).map((trial) => [trial.key, trial]));
    await Promise.all([...unknown.values()].map((trial) => this.#test(trial)));
    for (const trial of trials) {
      if (this.outcome(trial) === 'fails' && trial.elements.length < this.#best.length) this.#best = trial.elements;
    }
    if (unknown.size > 0) this.#tell(question);
    return trials.map((trial) => this.outcome(trial) === 'fails');
  }

  async #test(trial: Trial<E>): Promise<void> {
    this.trials += 1;
    let outcome = await this.#problem.test(trial);
    for (let left = this.#problem.retries; outcome === 'unknown' && left > 0; left -= 1) outcome = await this.#problem.test(trial);
    this.#outcomes.set(trial.key, outcome);
  }

  #tell({ remaining, estimate }: Question<E>): void {
    this.#problem.onProgress({ remaining, estimate, trials: this.trials, best: this.#best });
  }
}
