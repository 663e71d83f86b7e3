import { join } from 'node:path';
import type { Journal } from '../engine/journal.ts';
import type { PassName } from '../property/contract.ts';
import type { MinimizedFinding } from '../report/minimized.ts';
import type { Space } from '../space/schema.ts';
import { readTextIfAny } from '../util/files.ts';
import { shortHash } from '../util/hash.ts';
import type { Verdict } from '../verdict/records.ts';
import { type Minimization, minimizeFinding } from './minimize.ts';
import { openTrials } from './trials.ts';

/** What the findings of a run have in common. `out`: where searches are kept; `originOf`: of a candidate that a case asked for, that case. */
export type RunMinimization = Omit<Minimization, 'space' | 'arch' | 'failing' | 'property' | 'passing' | 'store' | 'passes' | 'work'> & { out: string; work: string; originOf: (verdict: Verdict) => Origin };

/** What a configuration stands on, and what names it in the folder of a search. */
export type Origin = { space: Space; what: string };

/** The folder of a search: the same for the same question. `what`: a seed, or a configuration. */
export function placeSearch(out: string, { tree, toolchain, space }: Pick<Minimization, 'tree' | 'toolchain' | 'space'>, question: { what: string; property: string | null; passes: readonly string[] }): string {
  return join(out, `minimize-${shortHash(JSON.stringify([tree.fingerprint, toolchain.fingerprint, space.hash, question.what, question.property, question.passes]))}`);
}

/** A failure and what it was led back to; null where there was no time for it. */
export type Search = { signature: string; seed: string; passes: PassName[]; finding: MinimizedFinding | null };

/**
 * Minimizes each failure of a run that nothing explains, one after the other, on the first configuration that had it. What
 * an earlier sitting has finished is read; what the signal ends before its end is left out, and can be gone on with.
 */
export async function* minimizeRun(run: RunMinimization, journal: Pick<Journal, 'verdicts' | 'config'>): AsyncGenerator<Search> {
  const verdicts = journal.verdicts();
  const firsts = new Map<string, Verdict>();
  for (const verdict of verdicts) for (const { signature } of verdict.failures) if (!firsts.has(signature)) firsts.set(signature, verdict);
  for (const [signature, first] of firsts) {
    const { seed, arch, config, passes } = first;
    const failing = journal.config(config);
    const { space, what } = run.originOf(first);
    const store = await openTrials(placeSearch(run.out, { ...run, space }, { what, property: signature, passes }));
    const known = await readTextIfAny(join(store.directory, 'result.json'));
    const passing = verdicts.filter((verdict) => verdict.verdict === 'passed' && verdict.arch === arch).flatMap((verdict) => journal.config(verdict.config) ?? []);
    const result = known !== null ? (JSON.parse(known) as MinimizedFinding) : failing === null || run.signal.aborted ? null : await tryToMinimize({ ...run, space, arch, failing, property: signature, passes, passing, store });
    yield { signature, seed, passes, finding: result };
  }
}

async function tryToMinimize(plan: Minimization): Promise<MinimizedFinding | null> {
  try {
    const result = await minimizeFinding(plan);
    return result.kind === 'passes' ? null : result;
  } catch (error) {
    if (plan.signal.aborted) return null;
    throw error;
  }
}
