import { constants } from 'node:os';
import { execa } from 'execa';
import { InfraError } from './errors.ts';
import { type Sandbox, wrapArgv } from './sandbox.ts';

/** One external command. Times are in milliseconds, outputs are kept up to `maxBytes` each (the end is kept). */
export type Command = {
  argv: readonly string[];
  sandbox: Sandbox;
  timeoutMs: number;
  signal?: AbortSignal;
  input?: string;
  /** Files (host paths) that receive the whole output; what is returned then is empty. */
  outputFiles?: { stdout: string; stderr: string };
};

/** How a command ended. Never thrown: an exit is data. */
export type Exit =
  | { kind: 'exited'; code: number }
  | { kind: 'signalled'; signal: string }
  | { kind: 'timed-out'; afterMs: number }
  | { kind: 'cancelled' };

export type CommandResult = { exit: Exit; stdout: string; stderr: string; ms: number };

const maxBytes = 256 * 1024 * 1024;

/**
 * Runs a command to its end: exit, signal, time limit or cancellation. The sandbox's first process is killed outright
 * on the last two, and with it everything in the sandbox.
 *
 * @throws InfraError `TOOL_MISSING` where the command itself cannot be started
 */
export async function runCommand(command: Command): Promise<CommandResult> {
  const { sandbox, timeoutMs, signal, outputFiles } = command;
  const [file, ...args] = await wrapArgv(sandbox, command.argv);
  if (file === undefined) throw new InfraError('TOOL_MISSING', 'an empty command');
  const own = sandbox.kind === 'none' ? { cwd: sandbox.cwd, env: { ...sandbox.env } } : { env: hostEnvironment() };
  const subprocess = execa(file, args, {
    ...own,
    // A group of its own: a terminal's Ctrl-C reaches kinfuzz alone, which then stops its commands in order.
    detached: true,
    cleanup: true,
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: maxBytes,
    ...(command.input === undefined ? { stdin: 'ignore' as const } : { input: command.input }),
    ...(outputFiles
      ? { stdout: { file: outputFiles.stdout }, stderr: { file: outputFiles.stderr }, buffer: false }
      : {}),
  });
  const { result, end } = await superviseGroup(subprocess, timeoutMs, signal);
  const ms = Math.round(result.durationMs);
  const output = { stdout: textOf(result.stdout), stderr: textOf(result.stderr), ms };
  if (end !== null) return { exit: end, ...output };
  if (result.signal) return { exit: { kind: 'signalled', signal: result.signal }, ...output };
  if (result.exitCode === undefined) {
    throw new InfraError('TOOL_MISSING', `cannot start ${file}: ${result.shortMessage ?? result.code ?? 'no reason given'}`);
  }
  return { exit: exitOfCode(result.exitCode), ...output };
}

/**
 * Waits for a command and, at its time limit or when told to stop, ends its whole group: children that hold its
 * output open would otherwise keep it alive.
 */
async function superviseGroup<T>(subprocess: Promise<T> & { pid?: number }, timeoutMs: number, signal: AbortSignal | undefined): Promise<{ result: T; end: Exit | null }> {
  const group = subprocess.pid;
  let end: Exit | null = null;
  const stop = (exit: Exit) => {
    end ??= exit;
    if (group !== undefined) endGroup(group);
  };
  const cancel = () => stop({ kind: 'cancelled' });
  const timer = setTimeout(() => stop({ kind: 'timed-out', afterMs: timeoutMs }), timeoutMs);
  if (group !== undefined) liveGroups.add(group);
  if (signal?.aborted) cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return { result: await subprocess, end };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
    if (group !== undefined) endGroup(group);
  }
}

/** Process groups of the commands that run now. */
const liveGroups = new Set<number>();

/** Kills every command that still runs; for a process that is about to end. */
export function endAllCommands(): void {
  for (const group of liveGroups) endGroup(group);
}

/** Without a sandbox a command can leave children behind; with one the kernel has ended them already. */
function endGroup(group: number): void {
  liveGroups.delete(group);
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Like {@link runCommand} for a command that must succeed; gives its standard output. @throws InfraError otherwise */
export async function readCommand(command: Command): Promise<string> {
  const { exit, stdout, stderr } = await runCommand(command);
  if (exit.kind === 'exited' && exit.code === 0) return stdout;
  const name = command.argv[0] ?? '';
  throw new InfraError('TOOL_FAILED', `${name} ${formatExit(exit)}: ${lastLines(stderr || stdout, 5)}`);
}

/** The exit in words: `exited with 1`, `was killed by SIGKILL`. */
export function formatExit(exit: Exit): string {
  switch (exit.kind) {
    case 'exited':
      return `exited with ${exit.code}`;
    case 'signalled':
      return `was killed by ${exit.signal}`;
    case 'timed-out':
      return `was stopped after ${Math.round(exit.afterMs / 1000)} s`;
    case 'cancelled':
      return 'was cancelled';
  }
}

export function hasSucceeded(exit: Exit): boolean {
  return exit.kind === 'exited' && exit.code === 0;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** bwrap and shells report a child killed by signal N as exit code 128 + N. */
function exitOfCode(code: number): Exit {
  const name = Object.entries(constants.signals).find(([, number]) => code === 128 + number)?.[0];
  return name ? { kind: 'signalled', signal: name } : { kind: 'exited', code };
}

function textOf(output: unknown): string {
  return typeof output === 'string' ? output : '';
}

function hostEnvironment(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin' };
}
