import { join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { isDirectory, makeWholeDirectory } from '../util/files.ts';
import { downloadPackage, openApt } from './apt.ts';
import type { SetUp } from './cache.ts';
import { readOnHost } from './host-commands.ts';
import { ensurePackages, rootPackages } from './host-packages.ts';

const suites = ['trixie-backports', 'forky'];

/** The sources of a Debian package `linux-source-X.Y`: downloaded and unpacked once (about half a minute, 1.8 GB). */
export async function openDebianSource(setUp: SetUp, name: string): Promise<string> {
  const directory = join(setUp.cache, 'trees', name);
  if (await isDirectory(directory)) return directory;
  if (!setUp.mayInstall) {
    throw new UserError({ code: 'TREE_MISSING', message: `the sources ${name} are not there (${directory})`, hint: `run without KINFUZZ_NO_INSTALL, or unpack the Debian package ${name} and name its directory with --tree` });
  }
  await ensurePackages(setUp, rootPackages);
  setUp.say(`fetching the kernel sources ${name} (Debian package, 167 MB), once`);
  const apt = await openApt(setUp, suites);
  await makeWholeDirectory(directory, async (partial) => {
    const deb = await downloadPackage(setUp, apt, name, partial);
    setUp.say(`unpacking ${name} (1.8 GB)`);
    await readOnHost(['dpkg-deb', '-x', deb, join(partial, 'package')], setUp.signal);
    await readOnHost(['tar', '-C', partial, '-xf', join(partial, 'package/usr/src', `${name}.tar.xz`)], setUp.signal);
    return join(partial, name);
  });
  return directory;
}
