import { join } from 'node:path';
import { InfraError } from '../util/errors.ts';
import { writeBytes } from './conf-io.ts';
import { parseConfOptions } from './conf-options.ts';
import { ConfRun } from './conf-run.ts';
import type { Environment } from './environment.ts';
import type { Model } from './model.ts';
import { KeptOutput } from './output.ts';

/** What {@link syncObjtree} writes, and where. */
export type SyncRequest = {
  model: Model;
  /** The environment that the model was parsed in. */
  environment: Environment;
  /** Host path; what an earlier build left there is compared with the new values. */
  objtree: string;
  /** A `.config` text, one character a byte. */
  config: string;
};

/**
 * Writes `.config` and all that `syncconfig` writes, so that a `make` in this objtree has nothing to ask and starts no
 * probe. Gives the `.config` as it was written, and the warnings.
 *
 * @throws InfraError `SYNC_FAILED` where a file cannot be written
 */
export function syncObjtree({ model, environment, objtree, config }: SyncRequest): { config: string; warnings: string } {
  const output = new KeptOutput();
  const options = parseConfOptions('conf', ['--syncconfig', 'Kconfig']);
  const run = new ConfRun(model, options, {
    directory: objtree,
    environment: { ...environment, KCONFIG_CONFIG: '.config' },
    program: 'conf',
    output,
    readLine: () => null,
    isTerminal: false,
    drawSeed: () => 0,
  });
  writeBytes(join(objtree, '.config'), config);
  run.readInput();
  if (!run.writeConfig() || !run.writeSyncFiles(true)) {
    throw new InfraError('SYNC_FAILED', `cannot write the configuration to ${objtree}`);
  }
  return { config: run.text, warnings: output.err };
}
