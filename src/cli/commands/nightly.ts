import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { listNights, readBaseline } from '../../campaign/night.ts';
import { openHistory } from '../../engine/history.ts';
import { formatHistory } from '../../report/nightly.ts';
import { checkSpace } from '../../sampler/check-space.ts';
import { openSampler, type Sampler } from '../../sampler/sampler.ts';
import { loadSpace } from '../../space/load.ts';
import type { SetUp } from '../../tree/cache.ts';
import { UserError } from '../../util/errors.ts';
import { makeDirectory } from '../../util/files.ts';
import { type Lock, takeLock } from '../../util/owned-lock.ts';
import { exitCodes } from '../exit-codes.ts';
import { type NightOptions, spendNight } from '../night.ts';
import { NightLog } from '../night-log.ts';
import { commandName, parseCount, parseDuration, parseSize, places, readSetUp } from '../options.ts';
import { requireWritable } from '../run-folder.ts';
import { openSession, type Session } from '../session.ts';
import { stopOnInterrupt } from '../stop.ts';
import { addBuildOptions, addSpaceOptions, type BuildOptions, type SpaceOptions } from './shared.ts';

type NightlyOptions = BuildOptions & SpaceOptions & {
  time: number;
  runs?: number;
  seed?: number;
  jobs?: number;
  certify: number;
  baseline?: string;
  corpus?: string;
  known: string;
  disk?: number;
  mostOfAKind: number;
  nights: number;
  unfinished?: boolean;
  history?: boolean;
  json?: boolean;
};

export function addNightly(program: Command, finish: (code: number) => void): void {
  const command = program
    .command('nightly')
    .description('known cases, coverage, then random candidates until the time is up; held against the last night')
    .addOption(new Option('--time <duration>', 'all of the time that the night has: 90s, 10m, 8h').argParser(parseDuration).default(8 * 60 * 60_000, '8h'))
    .option('--runs <number>', 'no more candidates than this, whatever time is left', parseCount(1))
    .option('--seed <number>', 'seed of the random candidates (random where left out)', parseCount(0))
    .option('--jobs <number>', 'candidates at once (default: from processors and memory)', parseCount(1, 256))
    .option('--certify <n>', "resolve one candidate in n by the kernel's own conf too (failing ones always)", parseCount(1), 10)
    .option('--baseline <run>', 'hold it against this night or run, or the last night in this folder (default: the last in --out)')
    .option('--corpus <directory>', 'cases to judge first')
    .option('--known <file>', 'known issues: what they explain is told, and fails nothing; none: everything fails', places.knownIssues)
    .option('--disk <size>', 'the most that objtrees and all that is kept in --out may take: 500M, 20G', parseSize)
    .option('--most-of-a-kind <n>', 'failures of one signature to minimize, over all nights', parseCount(0), 1)
    .option('--nights <n>', 'how many nights to keep', parseCount(2), 30)
    .option('--unfinished', 'only go on with a night that was not finished, after a reboot; begin none')
    .addOption(new Option('--history', 'print what the nights in --out came to, and begin none').conflicts(['baseline', 'corpus']))
    .option('--json', 'the report as one JSON record on standard output, nothing else there');
  addBuildOptions(addSpaceOptions(command), join(places.reports, 'nightly')).action(async (options: NightlyOptions) => {
    finish(options.history ? showHistory(options) : await runNight(options));
  });
}

/** How many nights the table has. */
const shownNights = 30;

function showHistory({ out, json }: NightlyOptions): number {
  const history = openHistory(requireNights(resolve(out)));
  const nights = history.nights(shownNights);
  history.close();
  process.stdout.write(json ? nights.map((night) => `${JSON.stringify({ kind: 'night-row', ...night })}\n`).join('') : `${formatHistory(nights)}\n`);
  return exitCodes.clean;
}

/** Only what nights have begun in has a history. */
function requireNights(out: string): string {
  if (listNights(out).length > 0) return out;
  throw new UserError({ code: 'NIGHTS_UNKNOWN', message: 'there were no nights in this folder', place: { file: out }, hint: 'name the folder that nights were kept in with --out' });
}

async function runNight(options: NightlyOptions): Promise<number> {
  const signal = stopOnInterrupt();
  const out = resolve(options.out);
  const given = options.baseline === undefined ? null : resolve(options.baseline);
  if (given !== null) readBaseline(given);
  if ((await loadSpace(options.space, places.spaces)).space.depth === 'config') {
    throw new UserError({ code: 'NIGHT_CONFIG', message: `nothing of the space ${options.space} is built`, hint: `it takes no night: ${commandName} fuzz --space ${options.space}` });
  }
  await requireWritable(out);
  await makeDirectory(out);
  const log = new NightLog();
  const setUp = readSetUp(options, (line) => log.progress.say(line), signal);
  await makeDirectory(setUp.cache);
  const locks = [lock(join(setUp.cache, 'nightly.lock')), lock(join(out, 'nightly.lock'))];
  try {
    const mayLack = given !== null || listNights(out).length > 0;
    const session = await openSession(setUp, { tree: options.tree, toolchain: options.toolchain, space: options.space, isSandboxed: options.sandbox, passes: options.passes, mayLack });
    const sampler = await openNightSampler(session, setUp, mayLack);
    return await spendNight(wholeOf(options, out, given), { log, setUp, session, sampler, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    return exitCodes.stopped;
  } finally {
    for (const { release } of locks.reverse()) release();
  }
}

function wholeOf(options: NightlyOptions, out: string, baseline: string | null): NightOptions {
  const { time, runs, seed, jobs, certify, corpus, known, disk, mostOfAKind, nights, json, space, arch, cover, passes, timeout, keep, sandbox, unfinished } = options;
  return {
    out, baseline, certify, known, mostOfAKind, nights, passes, timeoutMs: timeout, mostMs: time, mostBytes: disk ?? null, runs: runs ?? null, seed: seed ?? randomInt(1, 1_000_000), jobs: jobs ?? null,
    corpus: corpus === undefined ? null : resolve(corpus), spaceSource: space, arches: arch ?? null, cover: cover ?? 2, mayBegin: !(unfinished ?? false), keep: keep ?? false, isSandboxed: sandbox, isJson: json ?? false,
  };
}

/** @throws UserError `NIGHT_BUSY` */
function lock(path: string): Extract<Lock, { owner: null }> {
  const taken = takeLock(path);
  if (taken.owner === null) return taken;
  throw new UserError({ code: 'NIGHT_BUSY', message: `process ${taken.owner} is at its night`, place: { file: path }, hint: 'wait for it, or stop it; its lock ends with it' });
}

/**
 * What draws a night's candidates. Where nights have been, a value that the tree lets nobody have any more is news, as
 * long as there are candidates without it.
 */
async function openNightSampler({ open, toolchain, loaded }: Session, { cache, signal, say }: SetUp, mayLack: boolean): Promise<Sampler> {
  // A covering sequence goes over all architectures.
  const sampler = await openSampler({ tree: open.tree, toolchain, cache, signal }, loaded.space, null);
  try {
    checkSpace(sampler, loaded);
  } catch (error) {
    const hasCandidates = [...sampler.drawers.values()].every(({ possibilities }) => possibilities.isPossible({}));
    if (!(mayLack && hasCandidates && error instanceof UserError && error.code === 'SPACE_AXIS_IMPOSSIBLE')) throw error;
    say(`the space asks for what is impossible: ${error.message}`);
  }
  return sampler;
}
