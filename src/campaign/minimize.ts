import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sightingOf } from '../corpus/sighting.ts';
import { checkCandidate } from '../engine/check.ts';
import { formatFragment, parseConfig, valueOf } from '../kconfig/config.ts';
import { explain } from '../kconfig/explain.ts';
import { formatExplanation } from '../kconfig/format-explanation.ts';
import { loadModel } from '../kconfig/load.ts';
import type { Model } from '../kconfig/model.ts';
import { KeptOutput } from '../kconfig/output.ts';
import { type Assignment, Resolver } from '../kconfig/resolver.ts';
import { Difference, type Element } from '../minimize/difference.ts';
import { minimize } from '../minimize/minimize.ts';
import type { Minimal, Outcome, Progress } from '../minimize/records.ts';
import { type Clues, weigh } from '../minimize/suspicion.ts';
import { readDependencies } from '../pipeline/kbuild/dependencies.ts';
import { findOptionsOfWords } from '../pipeline/kbuild/makefiles.ts';
import type { Mutant } from '../pipeline/records.ts';
import type { PassName, Property } from '../property/contract.ts';
import type { Cause, MinimizedFinding } from '../report/minimized.ts';
import type { Candidate } from '../sampler/records.ts';
import { mentionedSymbols } from '../space/requests.ts';
import type { Space } from '../space/schema.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError, UserError } from '../util/errors.ts';
import { hashText } from '../util/hash.ts';
import type { Jobserver } from '../util/jobserver.ts';
import { nameFinding } from '../verdict/finding.ts';
import type { SignedFailure } from '../verdict/records.ts';
import { judgeTrial, type TrialRecord, type TrialStore } from './trials.ts';

/** A failing configuration, and all that looking for its cause takes; made whole at the command line. */
export type Minimization = {
  tree: Tree;
  toolchain: Toolchain;
  space: Space;
  arch: Arch;
  /** A `.config` text, or a fragment. */
  failing: string;
  /** A `.config` that does not fail, to start from in the place of the space's pins; `name` stands in messages. */
  good?: { name: string; config: string };
  /** Which of its failures, where it has several; null: the first. */
  property: string | null;
  properties: readonly Property[];
  passes: PassName[];
  /** `.config` texts that passed before, with these passes. */
  passing: readonly string[];
  store: TrialStore;
  /** Directory for objtrees, this search's alone. */
  work: string;
  jobserver: Jobserver | null;
  cache: string;
  timeoutMs: number;
  /** Trials at once. */
  width: number;
  signal: AbortSignal;
  mutant?: Mutant;
  say: (line: string) => void;
  onProgress: (progress: Progress<Element>) => void;
};

/** What became of a search; `passes`: the configuration does not fail, or not in the property that was named. */
export type Minimized = { kind: 'passes' } | MinimizedFinding;

/** As many of the machine's faults in a row, and the next would only be another. */
const patience = 3;

/**
 * Finds the few assignments that make the difference between a failing configuration and the base of its architecture:
 * the space's pins with the option on, and where that fails already, with the option off.
 *
 * @throws InfraError where the machine lets too much down; what was tried is kept
 */
export async function minimizeFinding(plan: Minimization): Promise<Minimized> {
  const { tree, toolchain, arch, cache, signal, space } = plan;
  const { model } = await loadModel({ tree, toolchain, arch, cache, signal, output: new KeptOutput() });
  const bench = new Bench(plan);
  let failing = new Resolver(model).resolveText(Buffer.from(plan.failing).toString('latin1')).config;
  const first = await bench.decide(formatFragment(Object.entries(parseConfig(failing))), hashText(textOf(failing)), true);
  if (first.verdict === 'passed') return { kind: 'passes' };
  const failure = pickFailure(first, plan.property);
  if (failure === null) return { kind: 'passes' };
  plan.say(`${failure.signature}: ${failure.summary}`);
  if (plan.good !== undefined) return searchBetween(plan, bench, { model, first, failure, failing, good: plan.good });
  const option = valueOf(parseConfig(failing), 'RUST_INLINE_HELPERS');
  for (const inline of option === 'y' ? ['y', 'n'] : ['n']) {
    const base = Object.entries({ ...space.pins, ...space.arches[arch]?.pins, RUST_INLINE_HELPERS: inline }).map(([symbol, value]) => ({ symbol, value }));
    const difference = new Difference(model, base, failing);
    const outcome = await bench.ask(difference, [], failure.signature);
    if (outcome === 'unknown') throw new InfraError('BASE_UNKNOWN', 'the base could not be judged', 'give it more time with --timeout');
    if (outcome === 'fails') {
      plan.say(`the base fails as well${inline === 'y' ? ': the search goes on with the option off' : ', with the option off too'}`);
      failing = difference.config([]);
      if (inline === 'y') continue;
      return finish(plan, bench, { model, failure, base, difference, minimal: { elements: [], neighbours: [], isMinimal: true, trials: 0 } });
    }
    if ((await bench.ask(difference, difference.elements, failure.signature)) !== 'fails') {
      throw new InfraError('DIFFERENCE_LOST', 'on its base the configuration could not be had back, or it failed but once', 'please report this, with the .config');
    }
    const minimal = await search(plan, bench, { difference, first, failure });
    return finish(plan, bench, { model, failure, base, difference, minimal });
  }
  throw new Error('no base was tried');
}

type Between = { model: Model; first: TrialRecord; failure: SignedFailure; failing: string; good: { name: string; config: string } };

/** Starts from a configuration that was given. @throws UserError `GOOD_FAILS` where the failure shows there, or cannot */
async function searchBetween(plan: Minimization, bench: Bench, { model, first, failure, failing, good }: Between): Promise<Minimized> {
  const base = Object.entries(parseConfig(Buffer.from(good.config).toString('latin1'))).map(([symbol, value]) => ({ symbol, value }));
  const difference = new Difference(model, base, failing);
  const outcome = await bench.ask(difference, [], failure.signature);
  if (outcome === 'unknown') throw new InfraError('BASE_UNKNOWN', `${good.name} could not be judged`, 'give it more time with --timeout');
  if (outcome === 'fails') throw new UserError({ code: 'GOOD_FAILS', message: `it fails as well, with ${failure.signature}`, place: { file: good.name }, hint: 'GOOD has to be a configuration without this failure; --property names another one' });
  if (outcome === 'hidden') throw new UserError({ code: 'GOOD_FAILS', message: `it fails otherwise, which leaves open whether it has ${failure.signature}`, place: { file: good.name }, hint: 'GOOD has to be a configuration that builds' });
  if ((await bench.ask(difference, difference.elements, failure.signature)) !== 'fails') {
    throw new InfraError('DIFFERENCE_LOST', 'starting from GOOD, BAD could not be had back, or it failed but once', 'please report this, with both configurations');
  }
  const minimal = await search(plan, bench, { difference, first, failure });
  return finish(plan, bench, { model, failure, base, difference, minimal });
}

function pickFailure({ failures }: TrialRecord, property: string | null): SignedFailure | null {
  return failures.find((failure) => property === null || failure.property === property || failure.signature === property) ?? null;
}

async function search(plan: Minimization, bench: Bench, { difference, first, failure }: { difference: Difference; first: TrialRecord; failure: SignedFailure }): Promise<Minimal<Element>> {
  const { elements } = difference;
  const weights = weigh(elements, {
    ...(await listClues(plan, failure)),
    dependencies: new Set(first.dependencies),
    mentioned: mentionedSymbols(plan.space, plan.arch),
    passing: plan.passing.map(parseConfig),
  });
  const weightOf = ({ symbol }: Element) => weights.get(symbol) ?? 1;
  plan.say(`${elements.length} assignments tell it from the base`);
  return minimize<Element>({
    elements: [...elements].sort((left, right) => weightOf(right) - weightOf(left)),
    weightOf,
    complete: (set) => difference.complete(set),
    keyOf: (set) => difference.keyOf(set),
    test: ({ elements: set }) => bench.ask(difference, set, failure.signature),
    width: plan.width,
    retries: patience - 1,
    known: bench.known(failure.signature),
    onProgress: (progress) => {
      plan.store.write('best.config', textOf(difference.fragment(progress.best)));
      plan.onProgress(progress);
    },
  });
}

type Found = { model: Model; failure: SignedFailure; base: Assignment[]; difference: Difference; minimal: Minimal<Element> };

/** What a failure itself says of its cause. */
export async function listClues({ tree, arch }: Pick<Minimization, 'tree' | 'arch'>, { property, summary, evidence, symptoms = [] }: Omit<SignedFailure, 'signature'>): Promise<Pick<Clues, 'summary' | 'words' | 'bringing'>> {
  const told = [summary, ...symptoms.flat().flatMap((sign) => (sign.kind === 'words' ? [sign.words] : []))];
  const flags = told.flatMap((text) => text.match(/(?<=^|\s)-\w[^\s,;:'"()]{2,}/g) ?? []);
  const bringing = tree.kind === 'kernel' ? await findOptionsOfWords(tree, arch, [...new Set(flags)]) : new Set<string>();
  return { summary: `${property} ${summary}`, words: evidence.flatMap(({ where, text }) => [where, text]).join('\n'), bringing };
}

/** Confirms the fragment by two clean builds, writes what a person wants to have, and explains the causes. */
async function finish({ tree, toolchain, space, passes, arch, store, say, good }: Minimization, bench: Bench, { model, failure, base, difference, minimal }: Found): Promise<MinimizedFinding> {
  const { elements, neighbours, isMinimal } = minimal;
  const fragment = textOf(difference.fragment(elements));
  store.write('fragment.config', fragment);
  store.write('failing.config', textOf(difference.config(elements)));
  const passing = neighbours.find(({ outcome }) => outcome === 'passes');
  if (passing) store.write('passing.config', textOf(difference.config(passing.elements)));
  say('confirming the fragment with two clean builds');
  const shown = await bench.confirm(fragment, failure.signature);
  const resolver = new Resolver(model);
  resolver.resolveText(difference.config(elements));
  const evaluation = resolver.evaluation();
  const explained = elements.map((element) => ({ element, explanation: explain(evaluation, element.symbol) }));
  store.write('explain.txt', explained.map(({ explanation }) => textOf(formatExplanation(explanation))).join('\n'));
  const causes = explained.map(({ element: { symbol, value, base: before }, explanation }, index): Cause => {
    return { symbol, value: textOf(value), base: textOf(before), place: explanation.prompts[0]?.place ?? null, verdict: textOf(explanation.verdict), without: neighbours[index]?.outcome ?? 'unknown' };
  });
  const others = bench.others(failure.signature).map(({ failure: other, fragment: shortest }) => {
    const file = `met-${nameFinding(other.signature)}.config`;
    store.write(file, shortest);
    return { ...other, file: join(store.directory, file) };
  });
  const result: MinimizedFinding = {
    kind: 'minimized', ...(good ? { good: good.name } : {}), failure, arch, base, causes, isMinimal, isConfirmed: shown !== null, shown,
    elements: difference.elements.length, trials: store.known.size, others, directory: store.directory,
    about: { space: space.space, passes, sighting: sightingOf(tree, toolchain, null) },
  };
  store.write('result.json', `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

/** Turns assignments into a configuration, a build and a judgement, and keeps what came of it. */
class Bench {
  readonly #plan: Minimization;
  #count = 0;
  #faults = 0;

  constructor(plan: Minimization) {
    this.#plan = plan;
  }

  /** What is known of configurations from before: trials, and candidates of earlier runs that passed. */
  known(signature: string): Map<string, Outcome> {
    const { passing, store } = this.#plan;
    const passed = passing.map((config): [string, Outcome] => [hashText(config), 'passes']);
    return new Map([...passed, ...[...store.known].map(([config, trial]): [string, Outcome] => [config, judgeTrial(trial, signature)])]);
  }

  /** Each other failure that was met, and the shortest fragment that it was met with. */
  others(signature: string): { failure: SignedFailure; fragment: string }[] {
    const met = [...this.#plan.store.known.values()].flatMap(({ failures, fragment }) => failures.map((failure) => ({ failure, fragment })));
    const groups = Map.groupBy(met.filter(({ failure }) => failure.signature !== signature), ({ failure }) => failure.signature);
    return [...groups.values()].map((group) => group.reduce((left, right) => (right.fragment.length < left.fragment.length ? right : left)));
  }

  async ask(difference: Difference, elements: readonly Element[], signature: string): Promise<Outcome> {
    const key = difference.keyOf(elements);
    const known = this.known(signature).get(key);
    return known ?? judgeTrial(await this.#try(textOf(difference.fragment(elements)), key, false), signature);
  }

  /** A trial that has to tell something: what does not is made again. */
  async decide(fragment: string, key: string, isFirst: boolean): Promise<TrialRecord> {
    for (let left = patience; ; left -= 1) {
      const trial = this.#plan.store.known.get(key) ?? (await this.#try(fragment, key, isFirst));
      if (trial.verdict === 'passed' || trial.verdict === 'failed') return trial;
      if (left === 1) throw new InfraError('TIME_LIMIT', 'the configuration could not be judged in the time that a build has', 'give it more with --timeout');
    }
  }

  /** One build. The machine's faults tell nothing, and too many of them end the search. */
  async #try(fragment: string, key: string, isFirst: boolean): Promise<TrialRecord> {
    const { store, signal } = this.#plan;
    signal.throwIfAborted();
    const { verdict, place } = await this.#check(fragment, { isTrial: true, keep: isFirst });
    if (signal.aborted) throw new InfraError('CANCELLED', 'the search was stopped');
    const { fault, cost } = verdict;
    const paths = verdict.failures.flatMap(({ evidence }) => evidence.map(({ where }) => where));
    const dependencies = isFirst ? [...(await readDependencies(join(place, 'obj'), paths))] : [];
    if (isFirst) await rm(place, { recursive: true, force: true });
    const trial: TrialRecord = { config: key, verdict: verdict.verdict, failures: verdict.failures, fragment, dependencies, ms: cost.resolveMs + cost.buildMs + cost.judgeMs };
    if (verdict.verdict === 'passed' || verdict.verdict === 'failed') store.record(trial);
    this.#faults = verdict.verdict === 'infra-error' ? this.#faults + 1 : 0;
    if (fault?.code === 'DISK_FULL' || this.#faults >= patience) {
      throw new InfraError(fault?.code ?? 'INFRA', `the search ends early: ${fault?.message ?? ''}`, `mend that, then give the same command again: what was tried is in ${store.directory}`);
    }
    return trial;
  }

  async confirm(fragment: string, signature: string): Promise<SignedFailure | null> {
    const { verdict } = await this.#check(fragment, { isTrial: false, keep: false });
    if (this.#plan.signal.aborted) throw new InfraError('CANCELLED', 'the search was stopped');
    return verdict.failures.find((failure) => failure.signature === signature) ?? null;
  }

  async #check(fragment: string, { isTrial, keep }: { isTrial: boolean; keep: boolean }) {
    const { tree, toolchain, space, arch, jobserver, timeoutMs, cache, passes, properties, signal, mutant, work } = this.#plan;
    // One candidate in ever so many is certified: a trial is none of them.
    this.#count += 1;
    const fill = Object.entries(parseConfig(fragment)).map(([symbol, value]) => ({ symbol, value, from: 'minimize' }));
    const candidate: Candidate = { index: this.#count, runSeed: 0, cover: 0, arch, choices: {}, requested: [], wished: [], fill };
    const place = join(work, String(this.#count));
    const task = { tree, toolchain, space, candidate, work: place, jobserver, timeoutMs, keep, cache, certifyEvery: Number.MAX_SAFE_INTEGER, passes, known: [], isTrial };
    const { verdict } = await checkCandidate(task, { properties, signal, onStage: () => {}, ...(mutant ? { mutant } : {}) });
    return { verdict, place };
  }
}

/** Inside the front end a text holds one character a byte. */
function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}
