import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError, UserError } from '../util/errors.ts';
import { writeAtomic } from '../util/files.ts';
import { formatExit, hasSucceeded, lastLines } from '../util/process.ts';
import type { SetUp } from './cache.ts';
import { readOnHost, runOnHost } from './host-commands.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** An apt of our own (lists and cache under the cache folder), so that other suites never touch the host's. */
export type Apt = { directory: string; sources: string[]; options: string[] };

/** The Debian archive: the user's `--mirror`, else the one that the host's apt fetches Debian from. */
export async function findMirror(setUp: SetUp): Promise<string> {
  if (setUp.mirror !== null) return setUp.mirror.replace(/\/+$/, '');
  const format = '$(REPO_URI)\t$(ORIGIN)\t$(LABEL)';
  const targets = await readOnHost(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'], setUp.signal);
  for (const line of targets.split('\n')) {
    const [uri, origin, label] = line.split('\t');
    if (uri !== undefined && origin === 'Debian' && label === 'Debian') return uri.replace(/\/+$/, '');
  }
  throw new UserError({
    code: 'NO_MIRROR',
    message: 'the apt sources of this host name no Debian archive (or `apt-get update` has not been run yet)',
    hint: 'name one with --mirror URL',
  });
}

/** One-line apt sources of some suites. Signatures are checked; a mirror that lags behind is accepted. */
export function formatSources(mirror: string, suites: readonly string[], signedBy: string | null): string[] {
  const options = ['check-valid-until=no', ...(signedBy ? [`signed-by=${signedBy}`] : [])].join(' ');
  return suites.map((suite) => `deb [${options}] ${mirror} ${suite} main`);
}

/** Opens (and refreshes) an apt for these suites. @throws InfraError where the mirror cannot be reached */
export async function openApt(setUp: SetUp, suites: readonly string[]): Promise<Apt> {
  const directory = join(setUp.cache, 'apt', suites.join('+'));
  const sources = formatSources(await findMirror(setUp), suites, keyring);
  await mkdir(join(directory, 'lists', 'partial'), { recursive: true });
  await mkdir(join(directory, 'cache', 'archives', 'partial'), { recursive: true });
  await writeAtomic(join(directory, 'sources.list'), `${sources.join('\n')}\n`);
  const options = Object.entries({
    'Dir::Etc::sourcelist': join(directory, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(directory, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(directory, 'cache'),
    // Files land in the user's cache folder, which the user `_apt` cannot enter.
    'APT::Sandbox::User': '',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  await fetchByApt(['apt-get', ...options, 'update', '--error-on=any'], setUp.signal);
  return { directory, sources, options };
}

/** Downloads one binary package of a suite; gives the path of the `.deb`, whole or not at all. */
export async function downloadPackage(setUp: SetUp, apt: Apt, name: string, directory: string): Promise<string> {
  const partial = join(directory, `.partial-${name}`);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  await chmod(partial, 0o755);
  const script = 'cd "$1" && shift && exec apt-get "$@"';
  await fetchByApt(['sh', '-c', script, 'sh', partial, ...apt.options, 'download', name], setUp.signal);
  const file = (await readdir(partial)).find((entry) => entry.endsWith('.deb'));
  if (file === undefined) throw new InfraError('DOWNLOAD_FAILED', `apt downloaded no package ${name}`);
  const path = join(directory, file);
  await rename(join(partial, file), path);
  await rm(partial, { recursive: true, force: true });
  return path;
}

/** What apt fetches it checks: a download that breaks off, or was tampered with, ends here and leaves nothing. */
export async function fetchByApt(argv: readonly string[], signal: AbortSignal): Promise<void> {
  const { exit, stderr } = await runOnHost(argv, signal, 30 * 60_000);
  if (hasSucceeded(exit)) return;
  const reasons = stderr.split('\n').filter((line) => /^[EW]: /.test(line)).slice(0, 4).join('\n');
  throw new UserError({ code: 'DOWNLOAD_FAILED', message: `apt ${formatExit(exit)}:\n${reasons || lastLines(stderr, 4)}`, hint: 'try again, or name another Debian mirror with --mirror URL' });
}

/**
 * Debian's newest package of the kernel's own build tools (`conf`, `objtool`, `modpost`), whose name changes with
 * each kernel: `linux-kbuild-6.12.117+deb12`; null where there is none.
 */
export async function findKbuildPackage(setUp: SetUp, options: readonly string[]): Promise<string | null> {
  const found = await readOnHost(['apt-cache', ...options, 'search', '--names-only', '^linux-kbuild-[0-9]'], setUp.signal);
  const names = found.split('\n').flatMap((line) => line.split(' ', 1)).filter((name) => name !== '');
  return names.sort((left, right) => compareVersions(left, right)).at(-1) ?? null;
}

/** Orders texts with numbers inside as people do: 6.9 before 6.12. */
export function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}

