import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InfraError } from '../util/errors.ts';
import { isMissing } from '../util/files.ts';
import { formatExit, lastLines, runCommand } from '../util/process.ts';
import { enterToolchain, placesInside } from './enter.ts';
import type { Toolchain, Tree } from './records.ts';

/**
 * Paths that git would not ignore if they lay in the tree. git itself decides, from copies of the tree's `.gitignore`
 * files in a repository of its own.
 *
 * @throws InfraError `TOOL_MISSING` without git, `TOOL_FAILED`
 */
export async function findUnignored(tree: Tree, toolchain: Toolchain, paths: readonly string[], signal: AbortSignal): Promise<string[]> {
  if (paths.length === 0) return [];
  const scratch = await mkdtemp(join(tmpdir(), 'kinfuzz-ignore-'));
  try {
    await copyIgnoreFiles(tree, scratch, paths);
    await runGit(toolchain, scratch, ['init', '--quiet'], '', signal);
    const answer = await runGit(toolchain, scratch, ['check-ignore', '--no-index', '--stdin', '-z'], paths.join('\0'), signal);
    const ignored = new Set(answer.split('\0'));
    return paths.filter((path) => !ignored.has(path));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function copyIgnoreFiles({ directory, edited }: Tree, to: string, paths: readonly string[]): Promise<void> {
  for (const folder of listFolders(paths)) {
    await mkdir(join(to, folder), { recursive: true });
    const file = join(folder, '.gitignore');
    await cp(edited?.[file] ?? join(directory, file), join(to, file)).catch((error: unknown) => {
      if (!isMissing(error)) throw error;
    });
  }
  await dropPackaging(join(to, '.gitignore'));
}

/** Every folder above the paths, the top one, `.`, included. */
function listFolders(paths: readonly string[]): Set<string> {
  const folders = new Set(['.']);
  for (const path of paths) for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  return folders;
}

/** Debian's sources end with a rule of the packaging, which ignores all there is: it says nothing about the kernel. */
async function dropPackaging(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    return '';
  });
  await writeFile(file, text.split('\n').filter((line) => line !== '/*').join('\n'));
}

/** git is the host's, whatever toolchain builds; 1 is its way to say that nothing is ignored. */
async function runGit(toolchain: Toolchain, directory: string, words: readonly string[], input: string, signal: AbortSignal): Promise<string> {
  const host: Toolchain = { ...toolchain, root: '/', path: ['/usr/local/bin', '/usr/bin', '/bin'], env: {} };
  const places = { source: null, objtree: directory };
  const env = { GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CEILING_DIRECTORIES: '/' };
  const argv = ['git', '-C', placesInside(host, places).objtree, ...words];
  const { exit, stdout, stderr } = await runCommand({ argv, sandbox: enterToolchain(host, places, env), input, timeoutMs: 60_000, signal });
  if (exit.kind === 'exited' && exit.code <= 1) return stdout;
  if (/^bwrap: execvp git: No such file/m.test(stderr)) throw new InfraError('TOOL_MISSING', 'git is not there', 'install git');
  throw new InfraError('TOOL_FAILED', `git ${formatExit(exit)}: ${lastLines(stderr, 3)}`);
}
