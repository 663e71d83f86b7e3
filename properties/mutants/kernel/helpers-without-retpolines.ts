import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-without-retpolines',
  property: 'hardening-survives',
  defect: 'helpers are compiled without retpolines, as if they were code of no kernel',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /filter-out \$\(CFLAGS_REMOVE_helpers/, replace: 'filter-out -mretpoline% $(CFLAGS_REMOVE_helpers', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
