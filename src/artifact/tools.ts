import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { enterToolchain } from '../tree/enter.ts';
import { objectMount, type Toolchain, type ToolName } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { freeBytes } from '../util/files.ts';
import { formatExit, lastLines, runCommand } from '../util/process.ts';
import { UnreadableArtifact } from './unreadable.ts';

/** Runs a tool on one file of the objtree, which is where it runs, and gives what it prints. */
export type ToolRunner = (tool: ToolName, args: readonly string[], path: string) => Promise<string>;

const timeoutMs = 60_000;
/** With less than this free, a file that cannot be read was most likely never written to its end. */
const fullDiskBytes = 16 * 1024 * 1024;

/**
 * Tools of a toolchain on the files of an objtree, which they see read-only.
 *
 * @throws InfraError `TOOL_MISSING`, `TOOL_STOPPED` (signal, time limit, cancelled), `SANDBOX_FAILED`, `DISK_FULL`
 * @throws UnreadableArtifact where the tool ran and refused the file
 */
export function enterObjtree(objtree: string, toolchain: Toolchain, signal: AbortSignal): ToolRunner {
  const mount = { from: objtree, to: objectMount };
  const inside = toolchain.isSandboxed ? objectMount : objtree;
  const sandbox = { ...enterToolchain(toolchain, { source: null, objtree: null, extra: { readOnly: [mount] } }), cwd: inside };
  const limit = limitConcurrency(availableParallelism());

  return (tool, args, path) =>
    limit(async () => {
      const found = toolchain.tools[tool];
      if (!found) throw missingTool(tool);
      if (signal.aborted) throw new InfraError('TOOL_STOPPED', `${tool} was cancelled before ${path}`);
      const argv = [found.path, ...args, join(inside, path)];
      const { exit, stdout, stderr } = await runCommand({ argv, sandbox, timeoutMs, signal });
      if (exit.kind === 'exited' && exit.code === 0) return stdout;
      if (exit.kind !== 'exited') throw new InfraError('TOOL_STOPPED', `${tool} ${formatExit(exit)} on ${path}`);
      if (/^bwrap: execvp .*No such file/m.test(stderr)) throw missingTool(tool);
      if (/^bwrap: /m.test(stderr)) throw new InfraError('SANDBOX_FAILED', lastLines(stderr, 3));
      if ((await freeBytes(objtree)) < fullDiskBytes) throw new InfraError('DISK_FULL', `no space left in ${objtree}`);
      throw new UnreadableArtifact(path, tool, lastLines(stderr, 3).replaceAll(`${inside}/`, ''));
    });
}

function missingTool(tool: ToolName): InfraError {
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
