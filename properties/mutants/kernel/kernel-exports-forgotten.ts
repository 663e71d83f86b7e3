import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-exports-forgotten',
  property: 'exports-right',
  defect: 'with helpers inlined, the table of what the kernel crate exports is made of the bindings',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /exports_kernel_generated\.h: \$\(obj\)\/kernel\.o/, replace: 'exports_kernel_generated.h: $(obj)/$(if $(CONFIG_RUST_INLINE_HELPERS),bindings,kernel).o', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
