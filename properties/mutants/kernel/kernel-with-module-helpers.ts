import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-with-module-helpers',
  property: 'module-variant',
  defect: 'the kernel crate is linked with the helpers for modules',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /\$\(if \$\(part-of-module\),_module\)\.bc/, replace: '_module.bc', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
