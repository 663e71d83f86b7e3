import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readEarlier } from '../../campaign/earlier.ts';
import { readJournal } from '../../engine/journal.ts';
import { formatMatrix, formatMatrixSum } from '../../report/matrix.ts';
import { makeMatrix, type Matrix, type Outcome } from '../../sampler/matrix.ts';
import type { Sampler } from '../../sampler/sampler.ts';
import { UserError } from '../../util/errors.ts';
import type { Verdict } from '../../verdict/records.ts';
import { exitCodes } from '../exit-codes.ts';
import { places, readSetUp } from '../options.ts';
import { metaOf, openSession, openSessionSampler, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { addSpaceOptions, type SpaceOptions } from './shared.ts';

type MatrixOptions = Omit<SpaceOptions, 'cover'> & { dry?: boolean; run?: string; out: string; json?: boolean };

export function addMatrix(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('matrix')
    .description('which values of two axes go together: works, fails, impossible (and why), untested')
    .argument('[axes...]', 'two axes; all pairs of axes where left out')
    .option('--dry', 'ask the solver alone, whatever runs have shown')
    .option('--run <run>', 'only from this run: its folder')
    .option('--out <directory>', 'where runs are kept: all of the same space, tree and toolchain count', places.reports)
    .option('--json', 'all cells as one JSON record');
  addSpaceOptions(command, false).action(async (axes: string[], options: MatrixOptions) => finish(await showMatrix(axes, options)));
}

async function showMatrix(axes: readonly string[], options: MatrixOptions): Promise<number> {
  if (axes.length !== 0 && axes.length !== 2) throw new UserError({ code: 'AXES_COUNT', message: `${axes.length} axes are named`, hint: 'name two axes of the space, or none for all pairs' });
  const setUp = readSetUp({}, (line) => process.stderr.write(`${line}\n`), stopOnInterrupt());
  const session = await openSession(setUp, { ...options, isSandboxed: true });
  if (axes.length === 2 && axes[0] === axes[1]) throw new UserError({ code: 'AXES_COUNT', message: `${axes[0]} is named twice`, hint: 'name two axes of the space' });
  const known = Object.keys(session.loaded.space.axes);
  const stranger = axes.find((axis) => !known.includes(axis));
  if (stranger !== undefined) throw new UserError({ code: 'SPACE_AXIS', message: `there is no axis ${stranger}`, hint: `there are: ${known.join(', ')}` });
  const sampler = await openSessionSampler(session, setUp, options.arch ?? null);
  const outcomes = options.dry ? [] : (await readVerdicts(options, session)).flatMap(outcomeOf);
  const matrices = listMatrices(sampler, axes, outcomes);
  if (options.json) process.stdout.write(`${JSON.stringify({ kind: 'matrix', space: session.loaded.space.space, tree: session.open.tree.spec, isDry: options.dry ?? false, matrices })}\n`);
  else process.stdout.write(`${matrices.map(axes.length === 2 ? formatMatrix : formatMatrixSum).join(axes.length === 2 ? '\n\n' : '\n')}\n`);
  return exitCodes.clean;
}

function listMatrices(sampler: Sampler, axes: readonly string[], outcomes: readonly Outcome[]): Matrix[] {
  const names = Object.keys(sampler.space.axes);
  const pairs = axes.length === 2 ? [axes as [string, string]] : names.flatMap((one, index) => names.slice(index + 1).map((other): [string, string] => [one, other]));
  return [...sampler.drawers.values()].flatMap(({ possibilities }) => pairs.map((pair) => makeMatrix(possibilities, pair, outcomes)));
}

async function readVerdicts({ run, out }: MatrixOptions, session: Session): Promise<Verdict[]> {
  const meta = metaOf(session, { runSeed: 0, cover: 0, runs: null, arches: null, passes: [], source: '' });
  if (run === undefined) return (await readEarlier(resolve(out), meta, null)).verdicts;
  const journal = readJournal(resolve(run));
  try {
    const { space, tree, toolchain } = journal.meta;
    const isSame = space.hash === meta.space.hash && tree.fingerprint === meta.tree.fingerprint && toolchain.fingerprint === meta.toolchain.fingerprint;
    if (!isSame) throw new UserError({ code: 'RUN_CHANGED', message: `this run was of the space ${space.name} (${space.hash}) on ${tree.spec} (${tree.fingerprint.slice(0, 8)}) with ${toolchain.kind} (${toolchain.fingerprint.slice(0, 8)}), which is not what is asked about`, place: { file: resolve(run) }, hint: 'name its own with --space, --tree and --toolchain' });
    return journal.verdicts();
  } finally {
    journal.close();
  }
}

/** What a verdict says about its values; one that was not judged says nothing. */
function outcomeOf({ arch, choices, verdict, failures }: Verdict): Outcome[] {
  if (verdict !== 'passed' && verdict !== 'failed') return [];
  return [{ arch, choices, hasFailed: verdict === 'failed', signatures: failures.map(({ signature }) => signature) }];
}
