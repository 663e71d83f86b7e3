import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-module-without-macro',
  property: 'module-variant',
  defect: 'the helpers for modules are compiled as built-in, so without -DMODULE',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /helpers_module\.bc: private part-of-module/, replace: 'helpers_module.bc: private part-of-builtin', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
