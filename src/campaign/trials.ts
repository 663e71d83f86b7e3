import { appendFileSync, closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../minimize/records.ts';
import { makeDirectory, readTextIfAny } from '../util/files.ts';
import type { SignedFailure, Verdict } from '../verdict/records.ts';

/**
 * What one configuration showed. `config`: hash of the resolved `.config`, which `fragment` gives; `dependencies`: of the
 * first trial, options that can change what its evidence names.
 */
export type TrialRecord = { config: string; verdict: Verdict['verdict']; failures: SignedFailure[]; fragment: string; dependencies: string[]; ms: number };

/**
 * What a search has tried, in a folder: `trials.jsonl`, a line for each configuration, on disk before it counts, and
 * the smallest failing fragment so far. A search that starts anew reads what is there, and asks the same questions.
 */
export type TrialStore = { directory: string; known: ReadonlyMap<string, TrialRecord>; record: (trial: TrialRecord) => void; write: (name: string, text: string) => void };

export async function openTrials(directory: string): Promise<TrialStore> {
  await makeDirectory(directory);
  const file = join(directory, 'trials.jsonl');
  const known = new Map(parseLines((await readTextIfAny(file)) ?? '').map((trial) => [trial.config, trial]));
  return {
    directory,
    known,
    record(trial) {
      known.set(trial.config, trial);
      const descriptor = openSync(file, 'a');
      try {
        appendFileSync(descriptor, `${JSON.stringify(trial)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    },
    write(name, text) {
      writeFileSync(join(directory, `.${name}`), text);
      renameSync(join(directory, `.${name}`), join(directory, name));
    },
  };
}

/** A line that was not finished when the machine stopped is no trial. */
function parseLines(text: string): TrialRecord[] {
  return text.split('\n').slice(0, -1).flatMap((line) => {
    try {
      return [JSON.parse(line) as TrialRecord];
    } catch {
      return [];
    }
  });
}

/** Properties whose failures leave the others without anything to judge. */
const hiding = new Set(['builds', 'reads']);

/** What a trial says about one failure. Where the build itself ended otherwise, the failure may only not have been reached. */
export function judgeTrial({ verdict, failures }: Pick<TrialRecord, 'verdict' | 'failures'>, signature: string): Outcome {
  if (verdict === 'passed') return 'passes';
  if (verdict !== 'failed') return 'unknown';
  if (failures.some((failure) => failure.signature === signature)) return 'fails';
  return failures.some(({ property }) => hiding.has(property)) ? 'hidden' : 'passes';
}
