import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseConfig } from '../../kconfig/config.ts';
import { enterToolchain, placesInside } from '../../tree/enter.ts';
import { InfraError } from '../../util/errors.ts';
import { writeAtomic } from '../../util/files.ts';
import { type CommandResult, formatExit, hasSucceeded, lastLines, runCommand } from '../../util/process.ts';
import { headlineOf, parseDiagnostics } from '../diagnostics.ts';
import { classifyExit, findInfraFault } from '../infra.ts';
import type { Build, BuildOutcome, BuildRequest, Diagnostic, PlannedStep, Step } from '../records.ts';
import { listArtifacts } from './artifacts.ts';
import { generateFiles } from './generated.ts';
import { planBuild } from './plan.ts';
import type { Setting } from './setting.ts';

/**
 * Builds the embedded tree: makes a plan of the config, lets the request's mutant change it, and runs one step after
 * another, each in a sandbox of its own, until the first that fails. `timeoutMs` is for all of them together.
 */
export async function buildEmbedded(request: BuildRequest): Promise<Build> {
  const { tree, toolchain, arch, objtree, mounts } = request;
  const config = parseConfig(request.config);
  const { source } = placesInside(toolchain, { source: tree, objtree, mounts });
  const setting: Setting = { arch, config, source, hasObjtool: toolchain.tools.objtool !== undefined };
  const plan = planBuild(setting);
  const steps = (request.mutant?.apply(plan) ?? plan).map((step, index) => ({ ...step, index }));
  const run = await runSteps(request, setting, steps);
  const record = steps.map(({ env: _, ...step }): Step => ({ ...step, exit: run.exits[step.index] ?? null }));
  return {
    pipeline: 'embedded',
    arch,
    config,
    objtree,
    steps: record,
    artifacts: listArtifacts(record),
    diagnostics: run.diagnostics,
    outcome: run.failed ? explainFailure(run.failed.result, record[run.failed.index], run.failed.thrown) : { kind: 'succeeded' },
    ms: run.ms,
  };
}

type NumberedStep = PlannedStep & { index: number };
type Run = {
  /** Exit codes of the steps that ran to an end. */
  exits: number[];
  diagnostics: Diagnostic[];
  failed: { index: number; result: CommandResult; thrown: InfraError | null } | null;
  ms: number;
};

async function runSteps(request: BuildRequest, setting: Setting, steps: readonly NumberedStep[]): Promise<Run> {
  const run: Run = { exits: [], diagnostics: [], failed: null, ms: 0 };
  try {
    await prepareObjtree(request, setting, steps);
    for (const step of steps) {
      const result = await runStep(request, step, run.ms);
      run.ms += result.ms;
      run.diagnostics.push(...readDiagnostics(step, result));
      if (result.exit.kind === 'exited') run.exits[step.index] = result.exit.code;
      if (hasSucceeded(result.exit)) continue;
      run.failed = { index: step.index, result, thrown: null };
      break;
    }
  } catch (error) {
    run.failed = { index: run.exits.length, result: nothing, thrown: asInfra(error) };
  }
  return run;
}

const nothing: CommandResult = { exit: { kind: 'cancelled' }, stdout: '', stderr: '', ms: 0 };

async function prepareObjtree({ objtree, config }: BuildRequest, setting: Setting, steps: readonly NumberedStep[]): Promise<void> {
  const folders = new Set(steps.flatMap(({ outputs }) => outputs.map((path) => dirname(join(objtree, path)))));
  await Promise.all([...folders].map((folder) => mkdir(folder, { recursive: true })));
  for (const [path, text] of Object.entries({ '.config': config, ...generateFiles(setting) })) await writeAtomic(join(objtree, path), text);
}

/** Tools are called by their base names, which messages repeat; by their path only where PATH does not lead there. */
export async function runStep(request: BuildRequest, step: NumberedStep, spentMs: number): Promise<CommandResult> {
  const { tree, toolchain, objtree, mounts, timeoutMs, signal } = request;
  const [file = '', ...words] = step.argv;
  const tools: Record<string, { path: string } | undefined> = toolchain.tools;
  const found = tools[file]?.path ?? file;
  const program = toolchain.path.includes(dirname(found)) ? file : found;
  const sandbox = enterToolchain(toolchain, { source: tree, objtree, mounts }, step.env ?? {});
  const remaining = timeoutMs - spentMs;
  if (remaining <= 0) return { ...nothing, exit: { kind: 'timed-out', afterMs: timeoutMs } };
  const result = await runCommand({ argv: [program, ...words], sandbox, timeoutMs: remaining, signal });
  return result.exit.kind === 'timed-out' ? { ...result, exit: { kind: 'timed-out', afterMs: timeoutMs } } : result;
}

/** What a tool said; of one that failed at least its last words. */
export function readDiagnostics({ target, tool }: Pick<Step, 'target' | 'tool'>, { exit, stderr }: Pick<CommandResult, 'exit' | 'stderr'>): Diagnostic[] {
  const found = parseDiagnostics(stderr).map((diagnostic) => ({ ...diagnostic, tool: diagnostic.tool || tool, target: diagnostic.target ?? target }));
  if (exit.kind !== 'exited' || exit.code === 0 || found.some(({ severity }) => severity === 'error')) return found;
  return [...found, { severity: 'error', tool, target, text: lastLines(stderr, 3) || `${tool} ${formatExit(exit)} and said nothing` }];
}

/** Whose fault it was: only what is neither the machine's nor the clock's is a finding. */
export function explainFailure(result: CommandResult, step: Step | undefined, thrown: InfraError | null): BuildOutcome {
  if (thrown !== null) return { kind: 'infra', code: thrown.code, message: thrown.message };
  const what = step?.tool ?? 'a command';
  const outcome = classifyExit(result.exit, what);
  if (outcome !== null) return outcome;
  const fault = findInfraFault(result.stderr);
  if (fault !== null) return { kind: 'infra', ...fault };
  const first = parseDiagnostics(result.stderr).find(({ severity }) => severity === 'error');
  const said = first ? headlineOf(first) : result.stderr.trim().split('\n')[0];
  return { kind: 'failed', step: step ?? null, target: step?.target ?? null, summary: said || `${what} ${formatExit(result.exit)}` };
}

function asInfra(error: unknown): InfraError {
  if (error instanceof InfraError) return error;
  const code = error instanceof Error && 'code' in error && error.code === 'ENOSPC' ? 'DISK_FULL' : 'IO_ERROR';
  // A mistake of ours must not hide behind the machine: what the file system did not say goes on.
  if (!(error instanceof Error) || !('code' in error)) throw error;
  return new InfraError(code, error.message);
}
