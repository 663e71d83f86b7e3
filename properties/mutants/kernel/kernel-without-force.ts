import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-without-force',
  property: 'incremental-equals-clean',
  defect: 'nobody looks whether the command of the kernel crate has changed',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /\(libzerocopy_derive_name\) FORCE(?=\n\t\+\$\(call if_changed_rule)/, replace: '(libzerocopy_derive_name)', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
