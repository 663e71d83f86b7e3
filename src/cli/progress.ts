import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';
import type { Stage } from '../engine/check.ts';
import { formatCounts, formatVerdict, labelOf } from '../report/text.ts';
import type { Candidate } from '../sampler/records.ts';
import type { Verdict } from '../verdict/records.ts';

/** How a run tells what it does. One shape for a terminal, a log, and a program that reads JSON lines. */
export type Progress = {
  say: (line: string) => void;
  stage: (candidate: Candidate, stage: Stage) => void;
  verdict: (verdict: Verdict) => void;
};

export type ProgressKind = 'terminal' | 'lines' | 'json';

/** A terminal gets a live view, everything else plain lines. */
export function chooseProgress(isJson: boolean): ProgressKind {
  if (isJson) return 'json';
  return process.stdout.isTTY && !process.env['CI'] ? 'terminal' : 'lines';
}

/** Runs `body` with a progress of the wanted kind; the live view is taken down when it ends, however it ends. */
export async function withProgress<T>(kind: ProgressKind, runs: number | null, body: (progress: Progress) => Promise<T>): Promise<T> {
  if (kind !== 'terminal') return body(lineProgress(kind === 'json' ? process.stderr : process.stdout, kind === 'json'));
  let result: { value: T } | null = null;
  const list = new Listr([{ title: 'kinfuzz', task: async (_, task) => { result = { value: await body(liveProgress(task, runs)) }; } }], {
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
    registerSignalListeners: false,
  });
  await list.run();
  if (result === null) throw new Error('the live view ended before the run');
  return (result as { value: T }).value;
}

/** A line for all that is done. With `--json` standard output holds one record a line and nothing else; the rest goes to standard error. */
export function lineProgress(out: { write: (text: string) => void }, isJson: boolean): Progress {
  const tell = (line: string) => out.write(`${line}\n`);
  return {
    say: tell,
    stage: ({ index, replays = '', arch }, stage) => {
      if (stage !== 'waiting' && stage !== 'judging') tell(`${labelOf({ index, seed: replays })} ${arch} ${stage}`);
    },
    verdict: (verdict) => {
      tell(formatVerdict(verdict));
      if (isJson) process.stdout.write(`${JSON.stringify(verdict)}\n`);
    },
  };
}

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

function liveProgress(task: Task, runs: number | null): Progress {
  const verdicts: Verdict[] = [];
  const stages = new Map<number, string>();
  const show = () => {
    task.title = formatCounts(verdicts.filter(({ index }) => index >= 0), runs);
    task.output = [...stages.values()].join('\n');
  };
  return {
    say: (line) => { task.output = line; },
    stage: ({ index, replays = '', arch }, stage) => {
      stages.set(index, `${labelOf({ index, seed: replays })} ${arch} ${stage}`);
      show();
    },
    verdict: (verdict) => {
      verdicts.push(verdict);
      stages.delete(verdict.index);
      process.stdout.write(`${formatVerdict(verdict)}\n`);
      show();
    },
  };
}
