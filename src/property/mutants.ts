import type { KernelMutant, Mutant } from './contract.ts';
import { loadByFile } from './load.ts';

/**
 * The mutants of the embedded pipeline in a directory, one a file.
 *
 * @throws UserError as {@link loadByFile} does
 */
export function loadMutants(directory: string): Promise<Mutant[]> {
  const members = { name: 'string', property: 'string', defect: 'string', needs: 'object', apply: 'function' } as const;
  return loadByFile<Mutant>(directory, { what: 'mutant', members });
}

/**
 * The mutants of a kernel's own build in a directory, one a file.
 *
 * @throws UserError as {@link loadByFile} does
 */
export function loadKernelMutants(directory: string): Promise<KernelMutant[]> {
  const members = { name: 'string', property: 'string', defect: 'string', arch: 'string', needs: 'object', edits: 'object', isFromNothing: 'boolean' } as const;
  return loadByFile<KernelMutant>(directory, { what: 'mutant', members });
}
