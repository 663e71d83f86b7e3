import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidArgumentError } from 'commander';
import { type PassName, passNames } from '../property/contract.ts';
import { locateCache, type SetUp } from '../tree/cache.ts';
import { arches, type Arch, type Tree } from '../tree/records.ts';

/** Folders of the checkout that commands read. */
export const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const places = {
  embedded: join(top, 'corpus', 'embedded'),
  spaces: join(top, 'corpus', 'spaces'),
  properties: join(top, 'properties'),
  corpus: join(top, 'corpus'),
  knownIssues: join(top, 'corpus', 'known-issues.yaml'),
  reports: join(top, 'reports'),
};

/** What the user calls kinfuzz by, for the lines that replay. */
export const commandName = 'npx kinfuzz';

/** What set-up may do, from the environment and the options. */
export function readSetUp(options: { mirror?: string }, say: SetUp['say'], signal: AbortSignal): SetUp {
  return {
    cache: locateCache(process.env),
    mayInstall: !process.env['KINFUZZ_NO_INSTALL'],
    mirror: options.mirror ?? null,
    say,
    signal,
  };
}

/** As many candidates at once as there are processors, fewer where memory is short: a kernel's rustc takes 2 GiB. */
export function defaultJobs(kind: Tree['kind']): number {
  const each = kind === 'kernel' ? 3 * 1024 ** 3 : 512 * 1024 ** 2;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / each)));
}

/** What a timer can hold. */
const longestMs = 2 ** 31 - 1;

/** `90s`, `10m`, `8h` or plain seconds, to milliseconds. */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(s|m|h|)$/.exec(text) ?? [];
  const factor = { s: 1, m: 60, h: 3600, '': 1 }[unit ?? ''] ?? 1;
  const ms = Number(digits) * factor * 1000;
  if (digits === undefined || ms === 0) throw new InvalidArgumentError('a time is written 90s, 10m or 8h.');
  if (ms > longestMs) throw new InvalidArgumentError('that is longer than 24 days.');
  return ms;
}

/** `20G`, `500M` or bytes. */
export function parseSize(text: string): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(K|M|G|T|)$/.exec(text) ?? [];
  const bytes = Number(digits) * 1024 ** ['', 'K', 'M', 'G', 'T'].indexOf(unit ?? '');
  if (digits === undefined || bytes === 0 || !Number.isSafeInteger(Math.round(bytes))) throw new InvalidArgumentError('a size is written 500M, 20G or 1T.');
  return Math.round(bytes);
}

/** A whole number from `least` on. */
export function parseCount(least: number, most = 4294967295): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least || Number(text) > most) throw new InvalidArgumentError(`a whole number from ${least} to ${most} is wanted.`);
    return Number(text);
  };
}

/** `twin,clean`, also as several options; in the order in which they are made, each once. */
export function collectPasses(text: string, before: PassName[]): PassName[] {
  const wanted = [...before, ...text.split(',')];
  const unknown = wanted.find((name) => !passNames.some((pass) => pass === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${passNames.join(', ')}.`);
  return passNames.filter((name) => wanted.includes(name));
}

/** `x86_64,arm64`, also as several options. */
export function collectArches(text: string, before: Arch[] | undefined): Arch[] {
  const names = text.split(',');
  const unknown = names.find((name) => !arches.some((arch) => arch === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is none of ${arches.join(', ')}.`);
  return [...(before ?? []), ...(names as Arch[])];
}
