import { type Command, readCommand, runCommand, type CommandResult } from '../util/process.ts';

const minute = 60_000;

/** Runs a set-up command on the bare host (apt, mmdebstrap, tar): these must write where no sandbox may. */
export function runOnHost(argv: readonly string[], signal: AbortSignal, timeoutMs = 60 * minute): Promise<CommandResult> {
  return runCommand(hostCommand(argv, signal, timeoutMs));
}

/** The same for a command that must succeed. @throws InfraError `TOOL_FAILED` with the end of its messages */
export function readOnHost(argv: readonly string[], signal: AbortSignal, timeoutMs = 10 * minute): Promise<string> {
  return readCommand(hostCommand(argv, signal, timeoutMs));
}

function hostCommand(argv: readonly string[], signal: AbortSignal, timeoutMs: number): Command {
  const env = { ...definedEnvironment(), LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
  return { argv, sandbox: { kind: 'none', env, cwd: '/' }, timeoutMs, signal };
}

function definedEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries);
}
