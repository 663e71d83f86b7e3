import { join } from 'node:path';
import { readTextIfAny, writeAtomic } from '../../util/files.ts';

/**
 * Makes it look as if the helpers' bitcode had been compiled with another flag: then make has to compile it again, and to
 * link again all that it was linked into.
 */
export async function changeHelperFlags(objtree: string): Promise<void> {
  for (const name of ['helpers.bc', 'helpers_module.bc']) {
    const file = join(objtree, 'rust/helpers', `.${name}.cmd`);
    const text = await readTextIfAny(file);
    if (text !== null) await writeAtomic(file, text.replace(/^savedcmd_.*$/m, '$& -DKINFUZZ_OTHER_FLAG'));
  }
}
