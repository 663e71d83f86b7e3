import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseConfig, valueOf } from '../kconfig/config.ts';
import { forEachOf } from '../util/concurrent.ts';
import { InfraError } from '../util/errors.ts';
import type { Misfit } from '../tree/edit.ts';
import type { Arch } from '../tree/records.ts';
import { decideMutant, excuseMutant, type MutantName, type MutantRecord, type Outcome } from '../verdict/mutants.ts';
import type { SignedFailure } from '../verdict/records.ts';

/** Where mutants are tried: the embedded pipeline, or a kernel's own build. */
export type Bench<Mutant extends MutantName> = {
  archOf: (mutant: Mutant) => Arch;
  /** Failures of the mutant's configuration without it; each configuration is asked about once. */
  judgeHealthy: (mutant: Mutant) => Promise<SignedFailure[] | Misfit>;
  judge: (mutant: Mutant) => Promise<SignedFailure[] | Misfit>;
};

export type Trial = { jobs: number; signal: AbortSignal; onBegin: (mutant: MutantName) => void; onRecord: (record: MutantRecord) => void };

/** Tries each mutant; what cannot be judged is told, and ends nothing. Records are in the order of the mutants. */
export async function tryMutants<Mutant extends MutantName>(mutants: readonly Mutant[], bench: Bench<Mutant>, trial: Trial): Promise<MutantRecord[]> {
  const records = new Map<Mutant, MutantRecord>();
  await forEachOf(mutants, trial.jobs, async (mutant) => {
    if (trial.signal.aborted) return;
    trial.onBegin(mutant);
    const started = performance.now();
    const outcome = await tryOne(mutant, bench);
    if (trial.signal.aborted) return;
    const { name, property, defect } = mutant;
    const record: MutantRecord = { kind: 'mutant', name, property, defect, arch: bench.archOf(mutant), ...outcome, ms: Math.round(performance.now() - started) };
    records.set(mutant, record);
    trial.onRecord(record);
  });
  return mutants.flatMap((mutant) => records.get(mutant) ?? []);
}

async function tryOne<Mutant extends MutantName>(mutant: Mutant, bench: Bench<Mutant>): Promise<Outcome> {
  try {
    const healthy = await bench.judgeHealthy(mutant);
    if ('misfit' in healthy) return excuseMutant('unfit', healthy.misfit);
    const failures = await bench.judge(mutant);
    return 'misfit' in failures ? excuseMutant('unfit', failures.misfit) : decideMutant(mutant, failures, healthy);
  } catch (error) {
    if (!(error instanceof InfraError)) throw error;
    return excuseMutant('unjudged', `${error.code}: ${error.message}`);
  }
}

/** Crates of every shape: alone in a module, one of a module's objects, built in; the option on where it can be. */
export const shapes: Readonly<Record<string, string>> = {
  '64BIT': 'y', EXPERT: 'y', MODULES: 'y', RUST: 'y', RUST_INLINE_HELPERS: 'y', SAMPLES: 'y', SAMPLES_RUST: 'y',
  SAMPLE_RUST_MINIMAL: 'm', SAMPLE_RUST_PRINT: 'y', BLOCK: 'y', BLK_DEV: 'y', CONFIGFS_FS: 'y', BLK_DEV_RUST_NULL: 'm',
};

/** What of a mutant's needs a configuration has not; null where it has all. */
export function findLost(text: string, needs: Readonly<Record<string, string>>): string | null {
  const config = parseConfig(text);
  const lost = Object.entries(needs).filter(([symbol, value]) => valueOf(config, symbol) !== value);
  return lost.length === 0 ? null : `this tree does not give ${lost.map(([symbol, value]) => `${symbol}=${value} (but ${valueOf(config, symbol)})`).join(', ')}`;
}

/** Runs something with an empty directory that is gone afterwards. */
export async function withDirectory<T>(work: string, run: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(work, 'mutant-'));
  try {
    return await run(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
