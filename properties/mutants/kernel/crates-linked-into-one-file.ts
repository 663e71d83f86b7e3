import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'crates-linked-into-one-file',
  property: 'files-unshared',
  defect: 'each directory has one file for bitcode with helpers linked in, which all crates pass through',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /\$\(patsubst %\.o,%\.m\.bc,\$@\)/, replace: '$(obj)/linked.m.bc', times: 2 },
  ],
  isFromNothing: false,
};
export default mutant;
