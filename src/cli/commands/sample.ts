import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Candidate } from '../../sampler/records.ts';
import { formatRequests } from '../../sampler/requests.ts';
import type { Sampler } from '../../sampler/sampler.ts';
import { formatSeed } from '../../sampler/seed.ts';
import { nameTree } from '../../tree/open.ts';
import { UserError } from '../../util/errors.ts';
import { makeDirectory } from '../../util/files.ts';
import { hashText } from '../../util/hash.ts';
import { exitCodes } from '../exit-codes.ts';
import { parseCount, readSetUp } from '../options.ts';
import { openSession, openSessionSampler, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { addSpaceOptions, type SpaceOptions } from './shared.ts';

type SampleOptions = SpaceOptions & { seed: number; runs?: number; out?: string; json?: boolean };

/** How many candidates there are when nothing says so; with `--cover`, as many as it takes. */
const defaultRuns = 12;

export function addSample(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('sample')
    .description('print the candidates of a run without building them')
    .option('--seed <number>', 'seed of the run', parseCount(0), 1)
    .option('--runs <number>', `how many candidates (default: ${defaultRuns}, or as many as --cover takes)`, parseCount(1))
    .option('--out <directory>', 'write INDEX-ARCH.config for each, as the kernel would, and candidates.jsonl')
    .option('--json', 'one JSON record a line');
  addSpaceOptions(command).action(async (options: SampleOptions) => finish(await sample(options)));
}

async function sample(options: SampleOptions): Promise<number> {
  const setUp = readSetUp({}, (line) => process.stderr.write(`${line}\n`), stopOnInterrupt());
  const out = options.out === undefined ? null : resolve(options.out);
  if (out !== null) await requireEmpty(out);
  const session = await openSession(setUp, { ...options, isSandboxed: true });
  const cover = options.cover ?? 0;
  const arches = options.arch ?? null;
  const sampler = await openSessionSampler(session, setUp, cover === 0 ? arches : null);
  const total = options.runs ?? (cover === 0 ? defaultRuns : Infinity);
  let count = 0;
  for (const candidate of sampler.candidates(options.seed, arches, cover, total === Infinity)) {
    // A signal is only seen between two turns of the event loop.
    await setImmediate();
    if (setUp.signal.aborted) return exitCodes.stopped;
    await tell(candidate, session, sampler, { out, isJson: options.json ?? false });
    count += 1;
    if (count >= total) break;
  }
  process.stderr.write(`${count} candidates${out === null ? '' : ` in ${out}`}\n`);
  return exitCodes.clean;
}

async function tell(candidate: Candidate, session: Session, sampler: Sampler, { out, isJson }: { out: string | null; isJson: boolean }): Promise<void> {
  const { index, arch, choices, fill } = candidate;
  const { resolver } = sampler.drawerOf(candidate).possibilities;
  const config = Buffer.from(resolver.resolveText(Buffer.from(formatRequests(candidate)).toString('latin1')).config, 'latin1');
  const seed = seedOf(candidate, session, hashText(config.toString()));
  const record = `${JSON.stringify({ seed, ...candidate })}\n`;
  const values = Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).join(' ');
  process.stdout.write(isJson ? record : `#${index} ${arch} ${values}${fill.length > 0 ? ` and ${fill.length} filled in` : ''}\n`);
  if (out === null) return;
  await writeFile(join(out, `${String(index).padStart(4, '0')}-${arch}.config`), config);
  await appendFile(join(out, 'candidates.jsonl'), record);
}

function seedOf({ runSeed, cover, index }: Candidate, { open, toolchain, loaded }: Session, config: string): string {
  return formatSeed({
    space: { name: loaded.space.space, hash: loaded.space.hash },
    tree: { name: nameTree(open.tree), fingerprint: open.tree.fingerprint },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    runSeed, cover, index, config,
  });
}

/** Two samples in one folder could not be told apart. @throws UserError `OUT_UNWRITABLE` */
async function requireEmpty(directory: string): Promise<void> {
  const entries = await makeDirectory(directory).then(() => readdir(directory)).catch((error: unknown) => {
    throw new UserError({ code: 'OUT_UNWRITABLE', message: `candidates cannot be written: ${error instanceof Error ? error.message : String(error)}`, place: { file: directory } });
  });
  if (entries.length > 0) throw new UserError({ code: 'OUT_UNWRITABLE', message: 'this folder is not empty', place: { file: directory }, hint: 'name another one with --out' });
}
