import { loadProperties } from '../property/runner.ts';
import type { Property } from '../property/contract.ts';
import { formatPlainError, type PlainError } from '../util/errors.ts';
import { endAllCommands } from '../util/process.ts';
import { checkCandidate, type CheckResult, type CheckTask, type Stage } from './check.ts';

/** What a worker is given: the task, and where the properties are. */
export type WorkerTask = CheckTask & { propertyDirectory: string };

/** What a worker says while it works. */
export type WorkerMessage = { kind: 'stage'; index: number; stage: Stage };

/** Errors lose their class between processes, so they cross as data. */
export type WorkerResult = { ok: true; result: CheckResult } | { ok: false; error: PlainError };

const stop = new AbortController();
let properties: Promise<Property[]> | null = null;

process.on('message', (message: unknown) => {
  if (message === 'stop') stop.abort();
});
// The main process ends a run in order; a terminal's Ctrl-C must not end its workers first.
process.on('SIGINT', () => {});
// Orphaned: whatever runs must not outlive the run.
process.on('disconnect', () => {
  endAllCommands();
  process.exit(1);
});

/** Entry of a tinypool worker process. */
export default async function work(task: WorkerTask): Promise<WorkerResult> {
  try {
    properties ??= loadProperties(task.propertyDirectory);
    const onStage = (stage: Stage) => process.send?.({ kind: 'stage', index: task.candidate.index, stage } satisfies WorkerMessage);
    const context = { properties: await properties, signal: stop.signal, onStage };
    return { ok: true, result: await checkCandidate(task, context) };
  } catch (error) {
    return { ok: false, error: formatPlainError(error) };
  }
}
