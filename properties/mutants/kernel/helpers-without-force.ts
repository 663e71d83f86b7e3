import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-without-force',
  property: 'incremental-equals-clean',
  defect: 'nobody looks whether the command of the helpers has changed',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /helpers_module\.bc: \$\(src\)\/helpers\/helpers\.c FORCE/, replace: 'helpers_module.bc: $(src)/helpers/helpers.c', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
