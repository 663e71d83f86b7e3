import { spawn } from 'node:child_process';
import type { Verdict } from '../../src/verdict/records.ts';

export type CommandOutcome = { code: number | null; stdout: string; stderr: string };

/**
 * Runs kinfuzz's command line as a user does, in a process group of its own; `pid` names the group, `lines` counts what it has
 * printed. The outcome comes when it has ended. `cwd`: the top of a checkout.
 */
export function runKinfuzz(args: readonly string[], env: Record<string, string> = {}, cwd = process.cwd()): { pid: number; lines: () => number; done: Promise<CommandOutcome> } {
  const child = spawn(process.execPath, ['bin/kinfuzz.js', ...args], {
    cwd, detached: true,
    env: { ...process.env, CI: 'true', ...env }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => { stdout += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { stderr += chunk.toString(); });
  const done = new Promise<CommandOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, lines: () => (stdout + stderr).split('\n').length - 1, done };
}

/** The records of a `--json` run: every line one object, nothing else. */
export function parseRecords(stdout: string): { verdicts: Verdict[]; run: Record<string, unknown> | undefined } {
  const records = stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    verdicts: records.filter(({ kind }) => kind === 'verdict') as unknown as Verdict[],
    run: records.find(({ kind }) => kind === 'run'),
  };
}
