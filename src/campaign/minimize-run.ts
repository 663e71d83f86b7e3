import { join } from 'node:path';
import type { Journal } from '../engine/journal.ts';
import type { MinimizedFinding } from '../report/minimized.ts';
import { readTextIfAny } from '../util/files.ts';
import { shortHash } from '../util/hash.ts';
import type { Verdict } from '../verdict/records.ts';
import { type Minimization, minimizeFinding } from './minimize.ts';
import { openTrials } from './trials.ts';

/** What the findings of a run have in common. `out`: where searches are kept. */
export type RunMinimization = Omit<Minimization, 'arch' | 'failing' | 'property' | 'passing' | 'store' | 'passes' | 'work'> & { out: string; work: string };

/** The folder of a search: the same for the same question. `what`: a seed, or a configuration. */
export function placeSearch(out: string, { tree, toolchain, space }: Pick<Minimization, 'tree' | 'toolchain' | 'space'>, question: { what: string; property: string | null; passes: readonly string[] }): string {
  return join(out, `minimize-${shortHash(JSON.stringify([tree.fingerprint, toolchain.fingerprint, space.hash, question.what, question.property, question.passes]))}`);
}

/**
 * Minimizes each failure of a run that nothing explains, one after the other, on the first configuration that had it. What
 * an earlier sitting has finished is read; what the signal ends before its end is left out, and can be gone on with.
 */
export async function* minimizeRun(run: RunMinimization, journal: Pick<Journal, 'verdicts' | 'config'>): AsyncGenerator<{ signature: string; seed: string; finding: MinimizedFinding | null }> {
  const verdicts = journal.verdicts();
  const firsts = new Map<string, Verdict>();
  for (const verdict of verdicts) for (const { signature } of verdict.failures) if (!firsts.has(signature)) firsts.set(signature, verdict);
  for (const [signature, { seed, arch, config, passes }] of firsts) {
    const failing = journal.config(config);
    const store = await openTrials(placeSearch(run.out, run, { what: seed, property: signature, passes }));
    const known = await readTextIfAny(join(store.directory, 'result.json'));
    const passing = verdicts.filter((verdict) => verdict.verdict === 'passed' && verdict.arch === arch).flatMap((verdict) => journal.config(verdict.config) ?? []);
    const result = known !== null ? (JSON.parse(known) as MinimizedFinding) : failing === null || run.signal.aborted ? null : await tryToMinimize({ ...run, arch, failing, property: signature, passes, passing, store });
    yield { signature, seed, finding: result };
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
