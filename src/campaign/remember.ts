import type { Case, Sighting } from '../corpus/cases.ts';
import { addSighting } from '../corpus/merge.ts';
import { keepPassing, mostPassing, type Passing, updatePassing } from '../corpus/passing.ts';
import { sightingOf } from '../corpus/sighting.ts';
import { addFound, nameCase, updateCases } from '../corpus/store.ts';
import type { Replay } from '../engine/journal.ts';
import type { Property } from '../property/contract.ts';
import type { MinimizedFinding } from '../report/minimized.ts';
import type { Lost, ReplayedCase } from '../report/replay.ts';
import type { Candidate } from '../sampler/records.ts';
import type { Space } from '../space/schema.ts';
import type { Toolchain, Tree } from '../tree/records.ts';
import { parseConfig } from '../kconfig/config.ts';
import type { Verdict } from '../verdict/records.ts';
import { judgeCase, Models, passesFor, whereSeen } from './replay.ts';
import { findLostWishes, leaveOutPins, listAssignments, makeCandidate } from './wishes.ts';

/** A corpus that a run replays and adds to. */
export type RunCorpus = {
  directory: string;
  /** How the run's space is named in cases. */
  spaceName: string;
  space: Space;
  replays: readonly Replay[];
  properties: readonly Pick<Property, 'name' | 'needs'>[];
  tree: Tree;
  toolchain: Toolchain;
  cache: string;
  signal: AbortSignal;
};

/** What of a checked candidate is remembered. `dependencies`: options that its objects depend on. */
export type Checked = { verdict: Verdict; candidate: Candidate; config: string | null; dependencies: readonly string[] };

/** The cases that a run begins with, those first that stand first; indices are below zero and end at -1. */
export function planReplays(cases: readonly Case[], spaces: ReadonlyMap<string, Space>, properties: RunCorpus['properties'], pathOf: (name: string) => string): Replay[] {
  return cases.flatMap((one, at) => {
    const space = spaces.get(one.space);
    if (!space) throw new Error(`the space ${one.space} was not loaded`);
    const candidate = makeCandidate(one, space, { index: at - cases.length, replays: pathOf(one.name) });
    return [{ case: one, passes: passesFor(one, properties), candidate }];
  });
}

/** Puts into the corpus what a run's verdicts say. The same said twice changes nothing. */
export class Remembering {
  readonly #corpus: RunCorpus;
  readonly #models: Models;
  readonly #passed = new Map<number, Passing>();

  constructor(corpus: RunCorpus) {
    this.#corpus = corpus;
    this.#models = new Models(corpus);
  }

  async add(checked: Checked): Promise<void> {
    const { verdict, candidate, config, dependencies } = checked;
    const { directory, replays, space, spaceName, properties, tree, toolchain } = this.#corpus;
    const replay = replays.find((one) => one.candidate.index === verdict.index) ?? null;
    if (replay === null && verdict.verdict === 'passed' && verdict.known.length === 0 && config !== null) {
      const assignments = listAssignments(candidate, config, space);
      this.#passed.set(verdict.index, { arch: verdict.arch, space: spaceName, passes: verdict.passes, assignments, choices: verdict.choices, dependencies: [...dependencies] });
    }
    const where = replay === null ? null : whereSeen(judgeCase(replay.case, verdict, await this.#lostOf(replay)));
    const own = replay?.case.signature ?? null;
    const others = [...verdict.failures, ...verdict.known].filter(({ signature }) => signature !== own);
    if (where === null && others.length === 0) return;
    const sighting = sightingOf(tree, toolchain, replay === null ? verdict.seed : null);
    await updateCases(directory, (before) => {
      let cases = before.map((one) => (where !== null && one.name === replay?.case.name ? addSighting(one, where, sighting) : one));
      for (const { signature } of others) cases = this.#addFailure(cases, signature, { ...checked, sighting, properties, replay });
      return cases;
    });
  }

  /** One failure more. What a known issue explains makes no case: it stands in the file of known issues. */
  #addFailure(cases: Case[], signature: string, { verdict, candidate, config, sighting, properties, replay }: Checked & { sighting: Sighting; properties: RunCorpus['properties']; replay: Replay | null }): Case[] {
    const isKnown = verdict.known.some((failure) => failure.signature === signature);
    if (isKnown && !cases.some((one) => one.signature === signature && one.arch === verdict.arch)) return cases;
    const { space, spaceName } = this.#corpus;
    const assignments = replay?.case.assignments ?? listAssignments(candidate, config ?? '', space);
    const passes = passesFor({ signature, passes: signature.startsWith('reads:') ? verdict.passes : [] }, properties);
    const found = { signature, arch: verdict.arch, space: replay?.case.space ?? spaceName, passes, assignments, links: [], sighting };
    return addFound(cases, found, nameCase(found)).cases;
  }

  /** A case that nobody has touched gets the few assignments that a search has found; where the pins alone suffice, it keeps its own. */
  async minimized({ failure, arch, about, causes, base, isConfirmed }: MinimizedFinding): Promise<void> {
    const { directory, space, spaceName } = this.#corpus;
    if (!isConfirmed || about.space !== space.space) return;
    const fragment = [...base, ...causes].map(({ symbol, value }) => (value === 'n' ? `# CONFIG_${symbol} is not set\n` : `CONFIG_${symbol}=${value}\n`)).join('');
    const assignments = leaveOutPins(fragment, arch, space);
    const size = (text: string) => Object.keys(parseConfig(text)).length;
    await updateCases(directory, (cases) => cases.map((one) => {
      const isMeant = one.signature === failure.signature && one.arch === arch && one.state === 'open' && one.space === spaceName && size(assignments) > 0 && size(assignments) < size(one.assignments);
      return isMeant ? { ...one, assignments } : one;
    }));
  }

  /** Keeps what passed and was the first to have something, in the order of the run, whichever ended first. */
  async keepPassing(): Promise<void> {
    const offered = [...this.#passed].sort(([left], [right]) => left - right).map(([, one]) => one);
    this.#passed.clear();
    if (offered.length > 0) await updatePassing(this.#corpus.directory, (kept) => keepPassing(kept, offered, mostPassing));
  }

  /** What became of the cases that were replayed, in their order. */
  async outcomes(verdicts: readonly Verdict[]): Promise<ReplayedCase[]> {
    const found: ReplayedCase[] = [];
    for (const replay of this.#corpus.replays) {
      const verdict = verdicts.find(({ index }) => index === replay.candidate.index);
      if (verdict === undefined) continue;
      const lost = await this.#lostOf(replay);
      found.push({ one: replay.case, verdict, lost, outcome: judgeCase(replay.case, verdict, lost) });
    }
    return found;
  }

  async #lostOf({ candidate }: Replay): Promise<Lost[]> {
    return findLostWishes(await this.#models.of(candidate.arch), candidate.wished);
  }
}
