import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-with-debug-info',
  property: 'no-helper-debug-info',
  defect: 'helpers are compiled without -g0, so with the debug information of C',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /-c -g0 /, replace: '-c ', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
