import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Step } from '../pipeline/records.ts';
import { enterToolchain } from '../tree/enter.ts';
import { objectMount, type Toolchain, type ToolName } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { freeBytes } from '../util/files.ts';
import { type CommandResult, formatExit, lastLines, runCommand } from '../util/process.ts';
import { UnreadableArtifact } from './unreadable.ts';

/** Tools of a toolchain on the files of one objtree. */
export type Tools = {
  /** Runs a tool on one file and gives what it prints. */
  read: (tool: ToolName, args: readonly string[], path: string) => Promise<string>;
  /** Runs a command that the build has run, with other arguments, where the build did; gives all that it prints. */
  repeat: (step: Pick<Step, 'tool' | 'target'>, args: readonly string[]) => Promise<Pick<CommandResult, 'stdout' | 'stderr'>>;
};

const timeoutMs = 60_000;
/** Commands of the build may take as long as they did there. */
const repeatTimeoutMs = 10 * timeoutMs;
/** With less than this free, a file that cannot be read was most likely never written to its end. */
const fullDiskBytes = 16 * 1024 * 1024;

/**
 * Tools of a toolchain on the files of an objtree, which they see read-only.
 *
 * @throws InfraError `TOOL_MISSING`, `TOOL_STOPPED` (signal, time limit, cancelled), `SANDBOX_FAILED`, `DISK_FULL`;
 * `NOT_REPEATED` where a command of the build fails that succeeded then
 * @throws UnreadableArtifact where the tool ran and refused the file
 */
export function enterObjtree(objtree: string, toolchain: Toolchain, signal: AbortSignal): Tools {
  const mount = { from: objtree, to: objectMount };
  const inside = toolchain.isSandboxed ? objectMount : objtree;
  const sandbox = { ...enterToolchain(toolchain, { source: null, objtree: null, extra: { readOnly: [mount] } }), cwd: inside };
  const limit = limitConcurrency(availableParallelism());

  const run = (tool: string, args: readonly string[], what: string, limitMs: number) =>
    limit(async () => {
      const tools: Record<string, { path: string } | undefined> = toolchain.tools;
      const found = tools[tool];
      if (!found) throw missingTool(tool);
      if (signal.aborted) throw new InfraError('TOOL_STOPPED', `${tool} was cancelled before ${what}`);
      const { exit, stdout, stderr } = await runCommand({ argv: [found.path, ...args], sandbox, timeoutMs: limitMs, signal });
      if (exit.kind !== 'exited') throw new InfraError('TOOL_STOPPED', `${tool} ${formatExit(exit)} on ${what}`);
      if (/^bwrap: execvp .*No such file/m.test(stderr)) throw missingTool(tool);
      if (/^bwrap: /m.test(stderr)) throw new InfraError('SANDBOX_FAILED', lastLines(stderr, 3));
      if (exit.code !== 0 && (await freeBytes(objtree)) < fullDiskBytes) throw new InfraError('DISK_FULL', `no space left in ${objtree}`);
      return { hasFailed: exit.code !== 0, stdout, stderr };
    });

  return {
    read: async (tool, args, path) => {
      const { hasFailed, stdout, stderr } = await run(tool, [...args, join(inside, path)], path, timeoutMs);
      if (hasFailed) throw new UnreadableArtifact(path, tool, lastLines(stderr, 3).replaceAll(`${inside}/`, ''));
      return stdout;
    },
    repeat: async ({ tool, target }, args) => {
      const { hasFailed, stdout, stderr } = await run(tool, args, target, repeatTimeoutMs);
      if (hasFailed) throw new InfraError('NOT_REPEATED', `${tool} made ${target} and now fails: ${lastLines(stderr, 3)}`);
      return { stdout, stderr };
    },
  };
}

function missingTool(tool: string): InfraError {
  return new InfraError('TOOL_MISSING', `the toolchain has no ${tool}`, 'kinfuzz setup finds or installs a whole toolchain');
}

/** Lets at most `width` tasks run at a time; the rest wait in the order they came. */
function limitConcurrency(width: number) {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async <T>(task: () => Promise<T>): Promise<T> => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
