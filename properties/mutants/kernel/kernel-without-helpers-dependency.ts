import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-without-helpers-dependency',
  property: 'incremental-equals-clean',
  defect: 'the kernel crate does not depend on the bitcode of the helpers',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /^\$\(obj\)\/kernel\.o: \$\(obj\)\/helpers\/helpers\.bc\n/m, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
