import { join } from 'node:path';
import { readTextIfAny, writeAtomic } from '../../util/files.ts';
import { otherFlag } from '../records.ts';

/** The helpers for what is built in, and for modules. */
export type HelperFile = 'helpers.bc' | 'helpers_module.bc';

/**
 * Makes it look as if helpers' bitcode had been compiled with another flag: then make has to compile it again, and to
 * link again all that it was linked into.
 */
export async function changeHelperFlags(objtree: string, names: readonly HelperFile[]): Promise<void> {
  for (const name of names) {
    const file = join(objtree, 'rust/helpers', `.${name}.cmd`);
    const text = await readTextIfAny(file);
    if (text !== null) await writeAtomic(file, text.replace(/^savedcmd_.*$/m, (command) => `${command} ${otherFlag}`));
  }
}
