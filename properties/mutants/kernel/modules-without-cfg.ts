import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'modules-without-cfg',
  property: 'module-variant',
  defect: 'crates of modules are compiled without --cfg MODULE',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'Makefile', find: /^KBUILD_RUSTFLAGS_MODULE := --cfg MODULE$/m, replace: 'KBUILD_RUSTFLAGS_MODULE :=', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
