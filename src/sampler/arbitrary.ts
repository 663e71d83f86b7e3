import fc from 'fast-check';
import { valuesFor } from '../space/requests.ts';
import { openRandom } from '../util/random.ts';
import type { Candidate } from './records.ts';
import type { Sampler } from './sampler.ts';

/**
 * A space's candidates for property tests: what is drawn is valid, and so is all that it shrinks to. Shrinking takes
 * fill away and leads each axis to the first value that the space names for the architecture. `runSeed` and `index` of
 * a shrunk candidate are those of the drawn one; fast-check's `seed` and `path` replay both.
 */
export function candidates(sampler: Sampler): fc.Arbitrary<Candidate> {
  return new Candidates(sampler);
}

class Candidates extends fc.Arbitrary<Candidate> {
  readonly #sampler: Sampler;

  constructor(sampler: Sampler) {
    super();
    this.#sampler = sampler;
  }

  override generate(random: fc.Random): fc.Value<Candidate> {
    const runSeed = random.nextInt(0, 2 ** 31 - 1);
    return new fc.Value(this.#sampler.candidate(runSeed, this.#sampler.firstIndex(runSeed)), undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is Candidate {
    return typeof value === 'object' && value !== null && 'choices' in value && 'requested' in value && 'fill' in value;
  }

  override shrink(value: Candidate): fc.Stream<fc.Value<Candidate>> {
    return fc.stream(this.#simpler(value)).map((simpler) => new fc.Value(simpler, undefined));
  }

  *#simpler(value: Candidate): Generator<Candidate> {
    const { fill } = value;
    const half = fill.length >> 1;
    if (fill.length > 0) yield { ...value, fill: [] };
    if (half > 0) yield* [{ ...value, fill: fill.slice(0, half) }, { ...value, fill: fill.slice(half) }].filter((other) => this.#isKept(other));
    for (const [axis, name] of Object.entries(value.choices)) {
      const [base] = valuesFor(this.#sampler.space, axis, value.arch);
      const simpler = base === undefined || base === name ? null : this.#withChoices(value, { ...value.choices, [axis]: base });
      if (simpler !== null) yield simpler;
    }
    if (half > 0) for (const one of fill) yield* [{ ...value, fill: fill.filter((other) => other !== one) }].filter((other) => this.#isKept(other));
  }

  #withChoices(value: Candidate, choices: Record<string, string>): Candidate | null {
    const drawer = this.#sampler.drawerOf({ arch: value.arch, choices });
    const requested = drawer.request(choices, openRandom(value.runSeed));
    const wished = drawer.wishes(choices);
    return requested && { ...value, choices, requested, wished, fill: drawer.keep(requested, wished, value.fill) };
  }

  /** Less fill is not always harmless: one option may have made up for another. */
  #isKept(candidate: Candidate): boolean {
    const { requested, wished, fill } = candidate;
    return this.#sampler.drawerOf(candidate).possibilities.comesAbout(requested, [...wished, ...fill]);
  }
}
