import { join } from 'node:path';
import { parseConfig } from '../../kconfig/config.ts';
import { enterToolchain, placesInside } from '../../tree/enter.ts';
import { makeArgv } from '../../tree/make.ts';
import { readTextIfAny, writeAtomic } from '../../util/files.ts';
import { formatMakeFlags } from '../../util/jobserver.ts';
import type { Sandbox } from '../../util/sandbox.ts';
import { type Exit, formatExit, hasSucceeded, runCommand } from '../../util/process.ts';
import { classifyExit, findInfraFault } from '../infra.ts';
import type { Build, BuildOutcome, BuildRequest, Step } from '../records.ts';
import { findFailedTarget, parseDiagnostics } from '../diagnostics.ts';
import { harvestObjtree } from './harvest.ts';
import { parseShellLine } from './cmd-file.ts';
import { nameTool } from './steps.ts';

/**
 * Builds a kernel's targets by `make`, then reads what was executed from the `.cmd` files. Whole outputs stay beside
 * the objtree as `OBJTREE.out` and `OBJTREE.err`.
 */
export async function buildKernel(request: BuildRequest): Promise<Build> {
  const { tree, toolchain, arch, objtree, mounts } = request;
  const places = { source: tree.directory, objtree, mounts };
  const file = join(objtree, '.config');
  // Written only when it differs: a newer .config makes kbuild resolve it once more.
  if ((await readTextIfAny(file)) !== request.config) await writeAtomic(file, request.config);
  const outputFiles = { stdout: `${objtree}.out`, stderr: `${objtree}.err` };
  const { exit, ms } = await runCommand({
    argv: makeArgv(toolchain, arch, places, ['V=1', ...request.targets]),
    sandbox: enterWithJobserver(request),
    timeoutMs: request.timeoutMs,
    signal: request.signal,
    outputFiles,
  });
  const log = (await readTextIfAny(outputFiles.stderr)) ?? '';
  const inside = placesInside(toolchain, places).objtree;
  const directories = ['rust', ...request.targets.filter((target) => target.endsWith('/')).map((target) => target.slice(0, -1))];
  const { steps, artifacts, unreadable } = await harvestObjtree(objtree, inside, directories);
  return {
    pipeline: 'kbuild',
    arch,
    config: parseConfig(request.config),
    objtree,
    steps,
    artifacts,
    diagnostics: parseDiagnostics(log),
    outcome: hasSucceeded(exit) ? explainSuccess(unreadable) : await explainFailure(exit, log, outputFiles.stdout, steps.length),
    ms,
  };
}

/** Where the jobserver's directory appears in the sandbox. */
const jobserverMount = '/run/jobserver';

function enterWithJobserver({ tree, toolchain, objtree, mounts, jobserver }: BuildRequest): Sandbox {
  const places = { source: tree.directory, objtree, mounts };
  if (jobserver === null) return enterToolchain(toolchain, places);
  const fifo = toolchain.isSandboxed ? `${jobserverMount}/fifo` : jobserver.fifo;
  const extra = { writable: [{ from: jobserver.directory, to: jobserverMount }] };
  return enterToolchain(toolchain, { ...places, extra }, { MAKEFLAGS: formatMakeFlags(fifo, jobserver.slots) });
}

/** What make made without a trace cannot be judged; a build that failed may have left half a file. */
function explainSuccess(unreadable: readonly string[]): BuildOutcome {
  if (unreadable.length === 0) return { kind: 'succeeded' };
  const more = unreadable.length > 1 ? ` and ${unreadable.length - 1} more` : '';
  return { kind: 'infra', code: 'CMD_UNREADABLE', message: `${unreadable[0]}${more}: no savedcmd_ line` };
}

async function explainFailure(exit: Exit, log: string, output: string, index: number): Promise<BuildOutcome> {
  const outcome = classifyExit(exit, 'make');
  if (outcome !== null) return outcome;
  const fault = findInfraFault(log);
  if (fault !== null) return { kind: 'infra', ...fault };
  const target = findFailedTarget(log);
  // What is said, shown and blamed is of one target: another that failed beside it has its own diagnostics.
  const errors = parseDiagnostics(log).filter(({ severity, tool }) => severity === 'error' && tool !== 'make');
  const first = errors.find((error) => error.target === target) ?? (target === null ? errors[0] : undefined);
  const summary = first?.text.split('\n')[0] ?? `make ${formatExit(exit)}${target ? ` at ${target}` : ''}`;
  const step = target === null ? null : await findFailedStep(output, target, first?.tool ?? null, index);
  return { kind: 'failed', step, target, summary };
}

/**
 * The last command that make printed for the target before it gave up; of a line with several the one by the tool
 * that complained.
 */
async function findFailedStep(output: string, target: string, complaining: string | null, index: number): Promise<Step | null> {
  const lines = ((await readTextIfAny(output)) ?? '').split('\n');
  const isFor = (line: string) => !/^(?:#|make)/.test(line) && line.split(/[\s=;]+/).includes(target);
  const commands = parseShellLine(lines.findLast(isFor) ?? '').filter(({ argv }) => argv.length > 1);
  const command = commands.findLast(({ argv }) => nameTool(argv[0] ?? '') === complaining) ?? commands[0];
  if (command === undefined) return null;
  const tool = nameTool(command.argv[0] ?? '');
  return { index, target, role: 'other', tool, argv: command.argv, inputs: [], outputs: [], exit: 1 };
}
