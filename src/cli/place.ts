import { join, resolve } from 'node:path';
import { collectJudged } from '../campaign/earlier.ts';
import { completeFinding, findKept, openFindings } from '../campaign/findings.ts';
import { minimizeRun, type Origin, type Search } from '../campaign/minimize-run.ts';
import { formatOnPins } from '../campaign/reproduce.ts';
import { type Campaign, runCampaign } from '../campaign/run.ts';
import type { Journal } from '../engine/journal.ts';
import { openLocalEngine } from '../engine/local.ts';
import { loadKnownIssues } from '../corpus/known-issues.ts';
import { parseConfig } from '../kconfig/config.ts';
import { loadProperties } from '../property/runner.ts';
import { formatProgress } from '../report/minimized.ts';
import { formatReplayOptions } from '../report/repro-line.ts';
import { knownBefore } from '../sampler/coverage.ts';
import type { Sampler } from '../sampler/sampler.ts';
import type { SetUp } from '../tree/cache.ts';
import { ensureUnchanged } from '../tree/open.ts';
import { isAbout, type KnownIssue } from '../verdict/known.ts';
import type { Verdict } from '../verdict/records.ts';
import type { OpenCorpus } from './run-corpus.ts';
import { commandName, places } from './options.ts';
import type { Progress } from './progress.ts';
import { openWorkshop, type Session } from './session.ts';

/** What all runs in one place have in common. `name`: of the folder for objtrees. */
export type PlaceOptions = { session: Session; setUp: SetUp; progress: Progress; name: string; jobs: number; timeoutMs: number; keep: boolean };

/** Where runs are made, one after the other: processes that check, a folder for objtrees, a jobserver. */
export type RunPlace = PlaceOptions & { engine: ReturnType<typeof openLocalEngine>; workshop: Awaited<ReturnType<typeof openWorkshop>> };

/** Runs `body` in a place that is gone afterwards. */
export async function withPlace<T>(options: PlaceOptions, body: (place: RunPlace) => Promise<T>): Promise<T> {
  const { session, setUp, name, jobs, keep } = options;
  const workshop = await openWorkshop(setUp, name, session.toolchain, session.open.tree.kind, keep);
  const engine = openLocalEngine({ jobs, propertyDirectory: places.properties });
  try {
    return await body({ ...options, engine, workshop });
  } finally {
    await engine.close();
    await workshop.close();
  }
}

/**
 * One run in a place. `reruns`: what is checked first, after the corpus's cases; `earlier`: verdicts of runs that a covering one
 * goes on after.
 */
export type RunOrder = Pick<Campaign, 'journal' | 'runs' | 'certifyEvery' | 'known' | 'isTimeUp' | 'signal' | 'onVerdict'> & { sampler: Sampler; corpus: OpenCorpus | null; reruns: Campaign['replays']; earlier: readonly Judged[] };

/** What counts of a verdict for coverage. */
export type Judged = Pick<Verdict, 'index' | 'verdict' | 'arch' | 'choices'>;

/** Checks what the journal's run is of, and what is not in it yet. @throws as {@link runCampaign} */
export async function checkRun({ session, setUp, progress, engine, workshop, timeoutMs, keep }: RunPlace, { sampler, corpus, reruns, earlier, ...order }: RunOrder): Promise<void> {
  const { runSeed, cover, arches, passes } = order.journal.meta;
  const isRerun = new Set(reruns.map(({ replay }) => replay.candidate.index));
  await runCampaign({
    ...order, open: session.open, toolchain: session.toolchain, sampler, runSeed, cover, passes,
    arches: arches as Campaign['arches'],
    isKnown: cover === 0 ? () => false : knownBefore(sampler, cover, collectJudged(earlier)),
    work: workshop.work, timeoutMs, keep, cache: setUp.cache, engine, jobserver: workshop.jobserver, onStage: progress.stage,
    keepFindings: openFindings({ journal: order.journal, tree: session.open.tree, toolchain: session.toolchain, space: session.loaded.space, properties: await loadProperties(places.properties), command: commandName }),
    replays: [...(corpus?.replays ?? []), ...reruns],
    // What is judged again was remembered when it was found.
    remember: corpus === null ? null : async (checked) => (isRerun.has(checked.candidate.index) ? undefined : corpus.remembering.add(checked)),
  });
  await corpus?.remembering.keepPassing();
}

/** `out`: where searches are kept, beside the runs that have shown the failures; `corpus`: whose cases the run has checked. */
export type SearchOrder = { journal: Pick<Journal, 'verdicts' | 'config'>; corpus: OpenCorpus | null; out: string; budgetMs: number; signal: AbortSignal };

/** Minimizes failures for so many milliseconds, those of a case as `kinfuzz minimize` does that case. */
export async function findCauses({ session, setUp, progress, workshop, jobs, timeoutMs }: RunPlace, { journal, corpus, out, budgetMs, signal }: SearchOrder): Promise<Search[]> {
  const originOf = ({ index, seed, arch }: Verdict): Origin => {
    const replayed = corpus?.replays.find(({ replay }) => replay.candidate.index === index);
    if (replayed === undefined) return { space: session.loaded.space, what: seed };
    return { space: replayed.space, what: `${arch}\n${formatOnPins(replayed.space, arch, parseConfig(replayed.replay.case.assignments))}` };
  };
  const found: Search[] = [];
  const searches = minimizeRun({
    tree: session.open.tree, toolchain: session.toolchain, originOf, properties: await loadProperties(places.properties), out,
    work: join(workshop.work, 'minimize'), jobserver: workshop.jobserver?.jobserver ?? null, cache: setUp.cache, timeoutMs, width: jobs,
    signal: AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.round(budgetMs)))]),
    say: progress.say, onProgress: (now) => progress.say(formatProgress(now)),
  }, journal);
  for await (const search of searches) {
    // What the user stopped has come to no end that could be wrong.
    if (!signal.aborted) await ensureUnchanged(session.open, signal);
    if (search.finding !== null) for (const folder of await findKept(out, search)) await completeFinding(folder, search.finding, commandName);
    found.push(search);
  }
  return found;
}

/** The command that goes on with a search: it takes what the search's folder depends on; of a case, the case tells. */
export function formatGoOn({ signature, seed, passes }: Search, { space, out }: { space: string; out: string }): string {
  const options = [
    ...formatReplayOptions({ seed, passes, space }),
    ...(out === places.reports ? [] : [`--out ${out}`]),
  ];
  return [commandName, 'minimize', seed, `--property ${signature}`, ...options].join(' ');
}

/** The known issues that speak of a tree; `today`: `2026-11-22`. */
export async function readKnown(file: string, { version, today }: { version: string | null; today: string }, say: (line: string) => void): Promise<KnownIssue[]> {
  if (file === 'none') return [];
  const { issues, expired } = await loadKnownIssues(resolve(file), today);
  for (const name of expired) say(`known issue ${name}: its last day is over, it counts no more`);
  return issues.filter((issue) => isAbout(issue, version));
}

/** The line that a run begins with. */
export function describeRun({ session: { open, toolchain, loaded }, jobs }: Pick<PlaceOptions, 'session' | 'jobs'>, { directory, meta }: Journal, isSandboxed: boolean): string {
  return `run ${directory}: seed ${meta.runSeed}, space ${loaded.space.space}, tree ${open.tree.spec}${open.tree.version ? ` (${open.tree.version})` : ''}, toolchain ${toolchain.kind}, ${jobs} at once${isSandboxed ? '' : ', NOT sandboxed'}`;
}
