import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-not-linked',
  property: 'module-variant',
  defect: 'the kernel crate is linked with no helpers',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /^\$\(obj\)\/kernel\.o: private link_helper = 1\n/m, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
