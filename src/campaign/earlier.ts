import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJournal, type RunMeta } from '../engine/journal.ts';
import type { PassName } from '../property/contract.ts';
import type { Judged } from '../sampler/coverage.ts';
import type { Choices } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';
import type { Verdict } from '../verdict/records.ts';

/** Those of some verdicts: what was dropped, or ended by a fault, covers nothing, nor does a case, which has no choices. */
export function collectJudged(verdicts: readonly Pick<Verdict, 'index' | 'verdict' | 'arch' | 'choices'>[]): Judged {
  const judged = new Map<string, Choices[]>();
  for (const { index, verdict, arch, choices } of verdicts) {
    if (index < 0) continue;
    if (verdict === 'passed' || verdict === 'failed') judged.set(arch, [...(judged.get(arch) ?? []), choices]);
  }
  return judged;
}

/** Verdicts of the other runs below a folder that were of the same space, tree and toolchain. */
export async function readEarlier(out: string, meta: RunMeta, own: string | null): Promise<{ verdicts: Verdict[]; runs: number }> {
  const found = { verdicts: [] as Verdict[], runs: 0 };
  const names: string[] = await readdir(out).catch(() => []);
  for (const name of names.sort()) {
    const verdicts = join(out, name) === own ? null : openRun(join(out, name), meta, (journal) => journal.verdicts());
    if (verdicts === null) continue;
    found.verdicts.push(...verdicts);
    found.runs += 1;
  }
  return found;
}

/** Null where there is no run, one that cannot be read, or one of something else. */
function openRun<T>(directory: string, { space, tree, toolchain }: Pick<RunMeta, 'space' | 'tree' | 'toolchain'>, read: (journal: ReturnType<typeof readJournal>) => T): T | null {
  try {
    const journal = readJournal(directory);
    try {
      const isSame = journal.meta.space.hash === space.hash && journal.meta.tree.fingerprint === tree.fingerprint && journal.meta.toolchain.fingerprint === toolchain.fingerprint;
      return isSame ? read(journal) : null;
    } finally {
      journal.close();
    }
  } catch {
    return null;
  }
}

/** Configurations of one architecture that passed in earlier runs of the same space, tree and toolchain; at most so many. */
export async function readPassing(out: string, meta: Pick<RunMeta, 'space' | 'tree' | 'toolchain'>, { arch, passes, most }: { arch: Arch; passes: readonly PassName[]; most: number }): Promise<string[]> {
  const names: string[] = await readdir(out).catch(() => []);
  const found: string[] = [];
  for (const name of names.sort().reverse()) {
    if (found.length >= most) break;
    found.push(...(openRun(join(out, name), meta, (journal) => journal.verdicts().flatMap((verdict) => {
      const isMeant = verdict.verdict === 'passed' && verdict.arch === arch && passes.every((pass) => verdict.passes.includes(pass));
      return isMeant ? (journal.config(verdict.config) ?? []) : [];
    })) ?? []));
  }
  return found.slice(0, most);
}

/** A seed's latest verdict and config in the journals below a folder; null where none has it. */
export async function findEarlier(out: string, seed: string): Promise<{ verdict: Verdict; config: string | null } | null> {
  const runs: string[] = await readdir(out).catch(() => []);
  for (const run of runs.sort().reverse()) {
    const found = existsSync(join(out, run, 'run.db')) ? findInRun(join(out, run), seed) : null;
    if (found !== null) return found;
  }
  return null;
}

/** A journal that cannot be read says nothing about the seed. */
function findInRun(directory: string, seed: string): { verdict: Verdict; config: string | null } | null {
  try {
    const journal = readJournal(directory);
    try {
      const verdict = journal.verdicts().find((candidate) => candidate.seed === seed);
      return verdict ? { verdict, config: journal.config(verdict.config) } : null;
    } finally {
      journal.close();
    }
  } catch {
    return null;
  }
}
