import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { isMissing } from '../util/files.ts';
import type { FileFormat } from './reader.ts';

const magics: readonly { format: FileFormat; bytes: string }[] = [
  { format: 'elf', bytes: '\x7fELF' },
  { format: 'bitcode', bytes: 'BC\xc0\xde' },
  // The wrapper around bitcode that Darwin's targets have.
  { format: 'bitcode', bytes: '\xde\xc0\x17\x0b' },
  { format: 'archive', bytes: '!<arch>\n' },
  { format: 'archive', bytes: '!<thin>\n' },
];

/** What the first bytes of a host file say it is. Anything but a regular file is `other`. */
export async function readFormat(path: string): Promise<FileFormat> {
  if (!(await isRegular(path))) return (await isAnything(path)) ? 'other' : 'missing';
  const head = await readHead(path, 8);
  if (head === '') return 'empty';
  return magics.find(({ bytes }) => head.startsWith(bytes))?.format ?? 'other';
}

/**
 * Whether the path is a plain file. What a build leaves behind is untrusted: a link could lead out of the objtree, and
 * opening a fifo would wait for ever.
 */
export async function isRegular(path: string): Promise<boolean> {
  return (await lstatIfAny(path))?.isFile() ?? false;
}

async function isAnything(path: string): Promise<boolean> {
  return (await lstatIfAny(path)) !== null;
}

async function lstatIfAny(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function readHead(path: string, length: number): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
