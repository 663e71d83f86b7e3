import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { hasSucceeded, lastLines } from '../util/process.ts';
import { isExecutable } from '../util/files.ts';
import { fetchByApt } from './apt.ts';
import type { SetUp } from './cache.ts';
import { runOnHost } from './host-commands.ts';

/** A Debian package that something needs, and how to see that it is there. */
export type HostPackage = { name: string; why: string; isThere: () => Promise<boolean> };

/** What the bare host must have for any toolchain. */
export const basePackages: readonly HostPackage[] = [
  { name: 'bubblewrap', why: 'the sandbox of every build', isThere: () => isOnPath('bwrap') },
];

/** What looking at a cleaned objtree takes. */
export const cleanPackages: readonly HostPackage[] = [
  { name: 'git', why: 'tells which files a tree ignores', isThere: () => isOnPath('git') },
];

/** What building a Debian root takes. */
export const rootPackages: readonly HostPackage[] = [
  ...basePackages,
  { name: 'mmdebstrap', why: 'builds the toolchain root', isThere: () => isOnPath('mmdebstrap') },
  {
    name: 'uidmap',
    why: 'lets an ordinary user build the root',
    isThere: async () => process.getuid?.() === 0 || isOnPath('newuidmap'),
  },
  {
    name: 'debian-archive-keyring',
    why: "checks the archive's signatures",
    isThere: () => access('/usr/share/keyrings/debian-archive-keyring.gpg').then(() => true, () => false),
  },
  { name: 'xz-utils', why: 'unpacks sources and packages', isThere: () => isOnPath('xz') },
];

/**
 * Installs what is missing, after saying what and why; does nothing, offline too, where all is there.
 *
 * @throws UserError `PACKAGES_MISSING` with the commands, where kinfuzz must not or cannot install
 */
export async function ensurePackages(setUp: SetUp, wanted: readonly HostPackage[]): Promise<void> {
  const missing: HostPackage[] = [];
  for (const candidate of wanted) if (!(await candidate.isThere())) missing.push(candidate);
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name);
  const prefix = await findPrivilege(setUp);
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...names];
  const reasons = missing.map(({ name, why }) => `${name} (${why})`).join(', ');
  if (!setUp.mayInstall || prefix === null) {
    throw new UserError({
      code: 'PACKAGES_MISSING',
      message: `Debian packages are missing: ${reasons}`,
      hint: `as root, run:\n    apt-get update\n    ${install.join(' ')}`,
    });
  }
  setUp.say(`installing Debian packages: ${reasons}`);
  await fetchByApt([...prefix, 'apt-get', 'update'], setUp.signal);
  const { exit, stderr } = await runOnHost([...prefix, ...install], setUp.signal);
  if (!hasSucceeded(exit)) {
    throw new UserError({
      code: 'INSTALL_FAILED',
      message: `apt-get could not install ${names.join(' ')}: ${lastLines(stderr, 3)}`,
      hint: `try it by hand: ${install.join(' ')}`,
    });
  }
}

export async function isOnPath(program: string): Promise<boolean> {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const found = await Promise.all(directories.map((directory) => isExecutable(join(directory, program))));
  return found.includes(true);
}

/** What to put before apt-get: nothing as root, sudo where it asks no password, null where neither works. */
async function findPrivilege(setUp: SetUp): Promise<string[] | null> {
  if (process.getuid?.() === 0) return [];
  if (!(await isOnPath('sudo'))) return null;
  const { exit } = await runOnHost(['sudo', '-n', 'true'], setUp.signal, 10_000);
  return hasSucceeded(exit) ? ['sudo', '-n'] : null;
}
