import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes a whole file or nothing: a temporary neighbour, flushed, then renamed over the old one. */
export async function writeAtomic(path: string, text: string | Uint8Array): Promise<void> {
  await makeDirectory(dirname(path));
  const temporary = join(dirname(path), `.tmp-${randomUUID()}`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Makes a directory and those above it, one at a time: Node's own recursive mkdir does not return where a file system
 * answers "no such file" to a mkdir, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isDirectory(path)) return;
  if (dirname(path) !== path) await makeDirectory(dirname(path));
  await mkdir(path).catch(async (error: unknown) => {
    if (!(await isDirectory(path))) throw error;
  });
}

/**
 * Makes a directory whole or not at all: `fill` works on a neighbour, which is then renamed. Two processes at it do
 * the work twice, and the first one's stays; what processes that have died left behind is removed.
 */
export async function makeWholeDirectory(path: string, fill: (partial: string) => Promise<string | void>): Promise<void> {
  const prefix = `${basename(path)}.partial-`;
  await makeDirectory(dirname(path));
  for (const name of await readdir(dirname(path))) {
    const owner = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (owner === process.pid || (owner > 0 && !isRunning(owner))) await rm(join(dirname(path), name), { recursive: true, force: true });
  }
  const partial = join(dirname(path), `${prefix}${process.pid}`);
  try {
    await mkdir(partial);
    const filled = (await fill(partial)) ?? partial;
    await rename(filled, path).catch(async (error: unknown) => {
      if (!(await isDirectory(path))) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The file's text, or null where there is no such file. */
export async function readTextIfAny(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export async function isDirectory(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}

/** Bytes that this user can still write on the file system that holds `path`. */
export async function freeBytes(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
