import { resolve } from 'node:path';
import { planReplays, Remembering } from '../campaign/remember.ts';
import { loadCases } from '../corpus/cases.ts';
import type { Journal, RunMeta } from '../engine/journal.ts';
import type { Property } from '../property/contract.ts';
import type { ReplayedCase } from '../report/replay.ts';
import type { Sampler } from '../sampler/sampler.ts';
import type { Space } from '../space/schema.ts';
import type { SetUp } from '../tree/cache.ts';
import type { Arch } from '../tree/records.ts';
import { loadCaseSpaces, nameSpace, pathOfCase } from './case-sources.ts';
import type { Session } from './session.ts';

/** What a run begins with: the cases of its architectures that may still be mended, or have been. */
export async function planCorpus(corpus: string | undefined, arches: readonly Arch[] | null, properties: readonly Property[]): Promise<Pick<RunMeta, 'corpus'>> {
  if (corpus === undefined) return {};
  const directory = resolve(corpus);
  const cases = (await loadCases(directory)).filter(({ state, arch }) => state !== 'wontfix' && (arches?.includes(arch) ?? true));
  return { corpus: { directory, replays: planReplays(cases, await loadCaseSpaces(cases), properties, (name) => pathOfCase(directory, name)) } };
}

/** The corpus of a run that is about to begin, or to go on. */
export type OpenCorpus = { replays: { replay: NonNullable<RunMeta['corpus']>['replays'][number]; space: Space }[]; remembering: Remembering; outcomes: () => Promise<ReplayedCase[]> };

/** A run that goes on may have ended between a verdict and the corpus: what it has judged is told to the corpus again. */
export async function openCorpus({ open, toolchain, loaded }: Session, { journal, sampler, properties, setUp }: { journal: Journal; sampler: Sampler; properties: readonly Property[]; setUp: SetUp }): Promise<OpenCorpus | null> {
  const { corpus, space, runSeed, cover } = journal.meta;
  if (!corpus) return null;
  const spaces = await loadCaseSpaces(corpus.replays.map((replay) => replay.case));
  const replays = corpus.replays.map((replay) => ({ replay, space: spaces.get(replay.case.space) ?? loaded.space }));
  const remembering = new Remembering({ ...corpus, spaceName: nameSpace(space.source), space: loaded.space, properties, tree: open.tree, toolchain, cache: setUp.cache, signal: setUp.signal });
  for (const verdict of journal.verdicts()) {
    const replayed = corpus.replays.find((replay) => replay.candidate.index === verdict.index)?.candidate;
    // What a night judged again was remembered when it was found.
    if (replayed === undefined && verdict.index < 0) continue;
    const candidate = replayed ?? sampler.candidate(runSeed, verdict.index, cover);
    await remembering.add({ verdict, candidate, config: journal.config(verdict.config), dependencies: [] });
  }
  return { replays, remembering, outcomes: () => remembering.outcomes(journal.verdicts()) };
}
