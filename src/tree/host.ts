import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { hasSucceeded, runCommand } from '../util/process.ts';
import { isExecutable } from '../util/files.ts';
import { compareVersions, findKbuildPackage } from './apt.ts';
import type { SetUp } from './cache.ts';
import { ensurePackages, basePackages, type HostPackage, isOnPath } from './host-packages.ts';
import { probeToolchain } from './probe-tools.ts';
import type { Toolchain } from './records.ts';

/**
 * The host's own compilers: of all rustc on PATH and all LLVM installations, the first pair of one LLVM major, since
 * another rustc often comes first on PATH. Without any such pair, the first of each: what does not fit is for
 * {@link examineToolchain} to say.
 */
export async function findHostToolchain(options: { isSandboxed: boolean; signal: AbortSignal }): Promise<Toolchain> {
  const onPath = [...new Set([...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin', '/bin'])].filter((entry) => entry.startsWith('/'));
  const llvms = await findLlvmDirectories(onPath);
  const rustcs = await findHolders(onPath, 'rustc');
  const clangs = await Promise.all(llvms.map((directory) => majorOf(join(directory, 'clang'), ['--version'], /clang version (\d+)/, options.signal)));
  const rusts = await Promise.all(rustcs.map((directory) => majorOf(join(directory, 'rustc'), ['-vV'], /LLVM version: (\d+)/, options.signal)));
  const pairs = rustcs.flatMap((rust, row) => llvms.map((llvm, column) => ({ rust, llvm, fits: rusts[row] !== null && rusts[row] === clangs[column] })));
  const { rust, llvm } = pairs.find(({ fits }) => fits) ?? { rust: rustcs[0], llvm: llvms[0] };
  const path = [...new Set([llvm, rust, ...onPath].filter((entry) => entry !== undefined))];
  const env: Record<string, string> = llvm?.startsWith('/usr/lib/llvm') ? { LIBCLANG_PATH: join(llvm, '../lib') } : {};
  return probeToolchain({ kind: 'host', root: '/', path, env, isSandboxed: options.isSandboxed }, null, options.signal);
}

/** Installs what the host toolchain needs for the embedded tree on Debian and its relatives. */
export async function installHostToolchain(setUp: SetUp): Promise<void> {
  const llvm = (name: string, why: string): HostPackage => ({ name: `${name}-22`, why, isThere: () => isExecutable(`/usr/lib/llvm-22/bin/${commandOf[name]}`) });
  await ensurePackages(setUp, [
    ...basePackages,
    llvm('clang', 'compiles helpers and linked bitcode'),
    llvm('lld', 'ld.lld -r'),
    llvm('llvm', 'llvm-link, and readers of objects and bitcode'),
    { name: 'rustc-web', why: 'rustc with the LLVM of clang-22', isThere: () => isExecutable('/usr/bin/rustc') },
    { name: 'rust-web-src', why: "rustc's sources of `core`", isThere: async () => (await listed('/usr/src', 'rustc-')).length > 0 },
    { name: 'pahole', why: 'BTF', isThere: () => isOnPath('pahole') },
  ]);
  if ((await listed('/usr/lib', 'linux-kbuild-')).length > 0) return;
  const kbuild = await findKbuildPackage(setUp, []);
  if (kbuild === null) return;
  await ensurePackages(setUp, [{ name: kbuild, why: "the kernel's own conf and objtool", isThere: () => Promise.resolve(false) }]);
}

const commandOf: Record<string, string> = { clang: 'clang', lld: 'ld.lld', llvm: 'llvm-link' };

async function findLlvmDirectories(onPath: readonly string[]): Promise<string[]> {
  const versions = (await listed('/usr/lib', 'llvm-')).sort(compareVersions).reverse();
  return findHolders([...onPath, ...versions.map((entry) => join('/usr/lib', entry, 'bin'))], 'clang');
}

async function findHolders(directories: readonly string[], program: string): Promise<string[]> {
  const holders = await Promise.all(directories.map(async (directory) => ((await isExecutable(join(directory, program))) ? [directory] : [])));
  return holders.flat();
}

async function listed(directory: string, prefix: string): Promise<string[]> {
  const entries: string[] = await readdir(directory).catch(() => []);
  return entries.filter((entry) => entry.startsWith(prefix));
}

/** Asked as a build would ask: rustup's stand-ins answer only in the user's own home directory. */
async function majorOf(file: string, args: string[], pattern: RegExp, signal: AbortSignal): Promise<string | null> {
  const sandbox = { kind: 'none' as const, env: { PATH: process.env['PATH'] ?? '', HOME: '/tmp' }, cwd: '/' };
  const { exit, stdout } = await runCommand({ argv: [file, ...args], sandbox, timeoutMs: 30_000, signal });
  return hasSucceeded(exit) ? (pattern.exec(stdout)?.[1] ?? null) : null;
}
