import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A host path and where it shows inside the sandbox. */
export type Mount = { from: string; to: string };

/**
 * A place where commands run. `bubblewrap`: a file system of its own built from `root`, no network, no view of
 * other processes; when its first process ends, everything started in it is killed by the kernel (the pid namespace).
 * `none`: the bare host, for users who ask for it; says so in the report.
 */
export type Sandbox =
  | {
      kind: 'bubblewrap';
      /** Directory whose top-level entries appear read-only under `/`. */
      root: string;
      readOnly: Mount[];
      writable: Mount[];
      env: Record<string, string>;
      cwd: string;
    }
  | { kind: 'none'; env: Record<string, string>; cwd: string };

/** Top-level names that every sandbox makes itself. */
const ownEntries = new Set(['proc', 'dev', 'sys', 'tmp', 'run', 'src', 'obj', 'lost+found', 'mnt', 'media', 'boot']);

/** The full argument vector that runs `argv` in the sandbox. */
export async function wrapArgv(sandbox: Sandbox, argv: readonly string[]): Promise<string[]> {
  if (sandbox.kind === 'none') return [...argv];
  return [
    'bwrap',
    // Not --unshare-all: a user namespace, which root does not need, may not mount /proc inside a container.
    '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try',
    '--die-with-parent',
    '--new-session',
    '--clearenv',
    ...(await rootMounts(sandbox.root)),
    '--proc', '/proc',
    '--dev', '/dev',
    '--tmpfs', '/tmp',
    '--tmpfs', '/run',
    ...sandbox.readOnly.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...sandbox.writable.flatMap(({ from, to }) => ['--bind', from, to]),
    ...Object.entries(sandbox.env).flatMap(([name, value]) => ['--setenv', name, value]),
    '--chdir', sandbox.cwd,
    '--',
    ...argv,
  ];
}

async function rootMounts(root: string): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  const mounts = await Promise.all(
    entries
      .filter((entry) => !ownEntries.has(entry.name))
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .map(async (entry) => {
        const path = join(root, entry.name);
        if (entry.isSymbolicLink()) return ['--symlink', await readlink(path), `/${entry.name}`];
        return entry.isDirectory() ? ['--ro-bind', path, `/${entry.name}`] : [];
      }),
  );
  return mounts.flat();
}
