import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../util/errors.ts';
import { isDirectory, makeWholeDirectory, readTextIfAny, writeAtomic } from '../util/files.ts';
import { hashText } from '../util/hash.ts';
import { hasSucceeded, lastLines } from '../util/process.ts';
import { findKbuildPackage, formatSources, openApt } from './apt.ts';
import type { SetUp } from './cache.ts';
import { readOnHost, runOnHost } from './host-commands.ts';
import { ensurePackages, rootPackages } from './host-packages.ts';
import { probeToolchain } from './probe-tools.ts';
import type { Toolchain } from './records.ts';

const suites = ['trixie', 'trixie-backports', 'forky'];

/** Debian 13 with clang 22, rustc of the same LLVM from its backports, and a bindgen that knows libclang 22. */
const packages = [
  'make', 'gcc', 'libc6-dev', 'bc', 'bison', 'flex', 'kmod', 'cpio', 'rsync', 'python3', 'libelf-dev', 'libdw-dev',
  'libssl-dev', 'zlib1g-dev', 'clang-22', 'lld-22', 'llvm-22', 'libclang-22-dev', 'pahole', 'xz-utils', 'gawk', 'perl',
  'rustc', 'rust-src', 'bindgen',
];

/** Other suites stay invisible but for the packages that are wanted from them. */
const preferences = `Package: *
Pin: release n=forky
Pin-Priority: 50

Package: bindgen
Pin: release n=forky
Pin-Priority: 990

Package: *
Pin: release n=trixie-backports
Pin-Priority: 60

Package: rustc rust-src libstd-rust-*
Pin: release n=trixie-backports
Pin-Priority: 990
`;

const path = ['/usr/lib/llvm-22/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];
const env = { LIBCLANG_PATH: '/usr/lib/llvm-22/lib' };

/** Where the root of the current recipe lives: another recipe is another root, so that old seeds keep theirs. */
export function locateDebianRoot(cache: string): string {
  return join(cache, 'toolchains', `debian-${hashText(JSON.stringify([suites, packages, preferences])).slice(0, 8)}`);
}

/** The Debian toolchain, installed first where it is missing (about a minute, 2.4 GB). */
export async function openDebianToolchain(setUp: SetUp, options: { isSandboxed: boolean }): Promise<Toolchain> {
  const root = locateDebianRoot(setUp.cache);
  if (!options.isSandboxed) {
    throw new UserError({ code: 'SANDBOX_NEEDED', message: 'the debian toolchain is a root that only the sandbox can enter', hint: 'use --toolchain host with --no-sandbox' });
  }
  if (!(await isDirectory(root))) await installDebianRoot(setUp, root);
  await ensurePackages(setUp, rootPackages.slice(0, 1));
  const manifest = await readTextIfAny(join(root, 'kinfuzz-packages'));
  return probeToolchain({ kind: 'debian', root, path, env, isSandboxed: true }, manifest, setUp.signal);
}

async function installDebianRoot(setUp: SetUp, root: string): Promise<void> {
  if (!setUp.mayInstall) {
    throw new UserError({ code: 'TOOLCHAIN_MISSING', message: `the debian toolchain is not installed (${root})`, hint: 'run: kinfuzz toolchain install debian' });
  }
  await ensurePackages(setUp, rootPackages);
  setUp.say('installing the Debian toolchain root (clang 22, rustc, bindgen; about a minute, 2.4 GB), once');
  const apt = await openApt(setUp, suites);
  const kbuild = await findKbuildPackage(setUp, apt.options);
  const mirror = apt.sources[0]?.split(' ').at(-3) ?? '';
  const pins = join(apt.directory, 'preferences');
  await writeAtomic(pins, preferences);
  const include = [...packages, ...(kbuild ? [kbuild] : [])].join(',');
  const hook = `mkdir -p "$1/etc/apt/preferences.d" && cp '${pins}' "$1/etc/apt/preferences.d/kinfuzz"`;
  await makeWholeDirectory(root, async (partial) => {
    const argv = ['mmdebstrap', '--variant=apt', `--setup-hook=${hook}`, `--include=${include}`, 'trixie', partial, ...formatSources(mirror, suites, null)];
    const { exit, stderr } = await runOnHost(argv, setUp.signal);
    if (!hasSucceeded(exit)) {
      throw new UserError({ code: 'INSTALL_FAILED', message: `mmdebstrap could not build the toolchain root:\n${lastLines(stderr, 6)}`, hint: 'see the lines above; another mirror can be named with --mirror URL' });
    }
    const query = ['dpkg-query', `--admindir=${join(partial, 'var/lib/dpkg')}`, '-W', '-f', '${Package} ${Version} ${Architecture}\n'];
    await writeAtomic(join(partial, 'kinfuzz-packages'), await readOnHost(query, setUp.signal));
  });
}

/** Installed roots, newest recipe or not. */
export async function listDebianRoots(cache: string): Promise<string[]> {
  const entries: string[] = await readdir(join(cache, 'toolchains')).catch(() => []);
  return entries.filter((entry) => !entry.includes('.partial-')).map((entry) => join(cache, 'toolchains', entry));
}
