import { join } from 'node:path';
import { parseConfig } from '../../kconfig/config.ts';
import { enterToolchain, placesInside } from '../../tree/enter.ts';
import { makeArgv } from '../../tree/make.ts';
import { readTextIfAny, writeAtomic } from '../../util/files.ts';
import { formatMakeFlags } from '../../util/jobserver.ts';
import type { Sandbox } from '../../util/sandbox.ts';
import { type Exit, formatExit, hasSucceeded, runCommand } from '../../util/process.ts';
import { classifyExit, findInfraFault } from '../infra.ts';
import type { Build, BuildOutcome, BuildRequest, Diagnostic, Step } from '../records.ts';
import { findFailedTarget, headlineOf, parseDiagnostics } from '../diagnostics.ts';
import type { CmdFile } from './cmd-file.ts';
import { harvestObjtree } from './harvest.ts';
import { readSteps, readTracedSteps } from './steps.ts';

/**
 * Builds a kernel's targets by `make`, then reads what was executed from the `.cmd` files. Whole outputs stay beside
 * the objtree as `OBJTREE.out` and `OBJTREE.err`.
 */
export async function buildKernel(request: BuildRequest): Promise<Build> {
  const { tree, toolchain, arch, objtree, mounts } = request;
  const places = { source: tree, objtree, mounts };
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
  const { steps: recorded, artifacts, unreadable } = await harvestObjtree(objtree, inside, request.targets);
  const traced = hasSucceeded(exit) ? readTracedSteps(log, inside) : [];
  const steps = [...recorded, ...traced.map((step, at) => ({ ...step, index: recorded.length + at }))];
  const { outcome, tried } = hasSucceeded(exit)
    ? { outcome: explainSuccess(unreadable), tried: [] }
    : await explainFailure(exit, log, outputFiles.stdout, { inside, index: steps.length });
  return {
    pipeline: 'kbuild',
    arch,
    config: parseConfig(request.config),
    objtree,
    steps: [...steps, ...tried],
    artifacts,
    diagnostics: parseDiagnostics(log),
    outcome,
    ms,
  };
}

/** Where the jobserver's directory appears in the sandbox. */
const jobserverMount = '/run/jobserver';

function enterWithJobserver({ tree, toolchain, objtree, mounts, jobserver }: BuildRequest): Sandbox {
  const places = { source: tree, objtree, mounts };
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

/** How the build failed, and the steps of the lines that make gave up on: kbuild records only what succeeded. */
type Failure = { outcome: BuildOutcome; tried: Step[] };
/** The objtree's path as the commands saw it, and the number of the next step. */
type Place = { inside: string; index: number };

async function explainFailure(exit: Exit, log: string, output: string, place: Place): Promise<Failure> {
  const outcome = classifyExit(exit, 'make');
  if (outcome !== null) return { outcome, tried: [] };
  const fault = findInfraFault(log);
  if (fault !== null) return { outcome: { kind: 'infra', ...fault }, tried: [] };
  const target = findFailedTarget(log);
  // What is said, shown and blamed is of one target: another that failed beside it has its own diagnostics.
  const errors = parseDiagnostics(log).filter(({ severity }) => severity === 'error');
  const said = errors.filter(({ tool }) => tool !== 'make');
  const first = said.find((error) => error.target === target) ?? (target === null ? said[0] : undefined);
  const summary = first ? headlineOf(first) : `make ${formatExit(exit)}${target ? ` at ${target}` : ''}`;
  const tried = findTriedSteps((await readTextIfAny(output)) ?? '', errors, place);
  const step = tried.find((one) => one.target === target && one.exit === 1) ?? null;
  return { outcome: { kind: 'failed', step, target, summary }, tried };
}

/** The commands that make printed last for each target that it gave up on. */
function findTriedSteps(output: string, errors: readonly Diagnostic[], { inside, index }: Place): Step[] {
  const lines = output.split('\n');
  const targets = new Set(errors.flatMap(({ tool, target }) => (tool === 'make' && target !== null ? [target] : [])));
  const steps = [...targets].flatMap((target) => {
    const isFor = (line: string) => !/^(?:#|make)/.test(line) && line.split(/[\s=;]+/).includes(target);
    const first = errors.find((error) => error.target === target && error.tool !== 'make');
    return tryCommands({ target, command: lines.findLast(isFor) ?? '', options: [] }, inside, first?.tool ?? null);
  });
  return steps.map((step, at) => ({ ...step, index: index + at }));
}

/** The one that failed is the last by the tool that complained, else the first. */
function tryCommands(file: CmdFile, inside: string, complaining: string | null): Omit<Step, 'index'>[] {
  const commands = readSteps(file, inside).filter(({ argv }) => argv.length > 1);
  const failed = Math.max(0, commands.findLastIndex(({ tool }) => tool === complaining));
  return commands.map((step, at) => ({ ...step, exit: at < failed ? 0 : at === failed ? 1 : null }));
}
