import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'bindings-linked',
  property: 'module-variant',
  defect: 'the crate of the bindings is linked with helpers as the kernel crate is, and does not wait for them',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /^\$\(obj\)\/kernel\.o: private link_helper = 1$/m, replace: '$(obj)/bindings.o $(obj)/kernel.o: private link_helper = 1', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
