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
import { findFailedTarget, parseDiagnostics } from './diagnostics.ts';
import { harvestObjtree } from './harvest.ts';
import { parseShellLine } from './cmd-file.ts';

/**
 * Builds a kernel's targets by `make`, then reads what was executed from the `.cmd` files. Whole outputs stay beside
 * the objtree as `OBJTREE.out` and `OBJTREE.err`.
 */
export async function buildKernel(request: BuildRequest): Promise<Build> {
  const { tree, toolchain, arch, objtree } = request;
  const places = { source: tree.directory, objtree };
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
  const { steps, artifacts } = await harvestObjtree(objtree, inside, directories);
  return {
    pipeline: 'kbuild',
    arch,
    config: parseConfig(request.config),
    objtree,
    steps,
    artifacts,
    diagnostics: parseDiagnostics(log),
    outcome: hasSucceeded(exit) ? { kind: 'succeeded' } : await explainFailure(exit, log, outputFiles.stdout, steps.length),
    ms,
  };
}

/** Where the jobserver's directory appears in the sandbox. */
const jobserverMount = '/run/jobserver';

function enterWithJobserver({ tree, toolchain, objtree, jobserver }: BuildRequest): Sandbox {
  const places = { source: tree.directory, objtree };
  if (jobserver === null) return enterToolchain(toolchain, places);
  const fifo = toolchain.isSandboxed ? `${jobserverMount}/fifo` : jobserver.fifo;
  const extra = { writable: [{ from: jobserver.directory, to: jobserverMount }] };
  return enterToolchain(toolchain, { ...places, extra }, { MAKEFLAGS: formatMakeFlags(fifo, jobserver.slots) });
}

async function explainFailure(exit: Exit, log: string, output: string, index: number): Promise<BuildOutcome> {
  const outcome = classifyExit(exit, 'make');
  if (outcome !== null) return outcome;
  const fault = findInfraFault(log);
  if (fault !== null) return { kind: 'infra', ...fault };
  const target = findFailedTarget(log);
  const first = parseDiagnostics(log).find(({ severity, tool }) => severity === 'error' && tool !== 'make');
  const summary = first?.text.split('\n')[0] ?? `make ${formatExit(exit)}${target ? ` at ${target}` : ''}`;
  const step = target === null ? null : await findFailedStep(output, target, index);
  return { kind: 'failed', step, target, summary };
}

/** The last command that make printed for the target before it gave up. */
async function findFailedStep(output: string, target: string, index: number): Promise<Step | null> {
  const lines = ((await readTextIfAny(output)) ?? '').split('\n');
  const line = lines.findLast((candidate) => candidate.includes(` ${target}`) || candidate.includes(`=${target}`));
  const command = line === undefined ? undefined : parseShellLine(line).find(({ argv }) => argv.length > 1);
  if (command === undefined) return null;
  return { index, target, role: 'other', tool: command.argv[0] ?? '', argv: command.argv, inputs: [], outputs: [], exit: 1 };
}
