import type { Mutant } from './contract.ts';
import { loadByFile } from './load.ts';

/**
 * The mutants of a directory, one a file.
 *
 * @throws UserError as {@link loadByFile} does
 */
export function loadMutants(directory: string): Promise<Mutant[]> {
  const members = { name: 'string', property: 'string', defect: 'string', needs: 'object', apply: 'function' } as const;
  return loadByFile<Mutant>(directory, { what: 'mutant', members });
}
