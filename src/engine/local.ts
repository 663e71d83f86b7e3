import { Tinypool } from 'tinypool';
import { InfraError, UserError } from '../util/errors.ts';
import type { CheckResult, CheckTask, Stage } from './check.ts';
import type { WorkerMessage, WorkerResult, WorkerTask } from './worker.ts';

/** Where candidates are checked. */
export type Engine = {
  /** How many candidates it takes at once. */
  size: number;
  check: (task: CheckTask, onStage: (stage: Stage) => void) => Promise<CheckResult>;
  /** Tells every check to end at once; each still gives its (cancelled) result. */
  stop: () => void;
  close: () => Promise<void>;
};

/** Checks candidates in child processes of this machine. */
export function openLocalEngine(options: { jobs: number; propertyDirectory: string }): Engine {
  const pool = new Tinypool({
    runtime: 'child_process',
    filename: new URL('./worker.ts', import.meta.url).href,
    minThreads: options.jobs,
    maxThreads: options.jobs,
    isolateWorkers: false,
  });
  const senders = new Set<(message: unknown) => void>();
  return {
    size: options.jobs,
    async check(task, onStage) {
      let sender: ((message: unknown) => void) | null = null;
      const channel = {
        onMessage: (send: (message: unknown) => void) => {
          sender = send;
          senders.add(send);
        },
        postMessage: (message: WorkerMessage) => {
          if (message.kind === 'stage') onStage(message.stage);
        },
      };
      try {
        const workerTask: WorkerTask = { ...task, propertyDirectory: options.propertyDirectory };
        return unwrap(await pool.run(workerTask, { channel }).catch(explainLoss));
      } finally {
        if (sender !== null) senders.delete(sender);
      }
    },
    stop() {
      for (const send of senders) send('stop');
    },
    close: () => pool.destroy(),
  };
}

/** A worker that was killed (by the kernel, for memory) takes its candidate's answer with it. */
function explainLoss(error: unknown): never {
  throw new InfraError('WORKER_LOST', `the process that checked this candidate was lost: ${error instanceof Error ? error.message : String(error)}`);
}

function unwrap(answer: WorkerResult): CheckResult {
  if (answer.ok) return answer.result;
  const { code, message, stack, complaint } = answer.error;
  if (complaint !== null) throw new UserError(complaint);
  throw new InfraError(code, `${message}\n${stack}`);
}
