import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'split-debug-units',
  property: 'btf-whole',
  defect: 'code generation splits debug information, so that what stays in the object does not say that it is of Rust',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /-Wno-override-module /, replace: '-gsplit-dwarf -Wno-override-module ', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
