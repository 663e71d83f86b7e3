import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '../util/errors.ts';
import { isDirectory } from '../util/files.ts';

/** @throws UserError `OUT_UNWRITABLE`, before anything is installed or built */
export async function requireWritable(directory: string): Promise<void> {
  let place = directory;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const isFit = (await isDirectory(place)) && (await access(place, constants.W_OK).then(() => true, () => false));
  if (!isFit) throw new UserError({ code: 'OUT_UNWRITABLE', message: `runs cannot be kept here: ${place} is no directory that can be written`, place: { file: directory }, hint: 'name another directory with --out' });
}

/** `20261122-090205`, in UTC. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
}
