import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'codegen-without-kernel-flags',
  property: 'same-as-without',
  defect: 'crates are compiled from bitcode without the flags that all code of the kernel is compiled with',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /\$\(filter-out \$\(CC_FLAGS_LTO\),\$\(KBUILD_CFLAGS\)\)/, replace: '-O2', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
