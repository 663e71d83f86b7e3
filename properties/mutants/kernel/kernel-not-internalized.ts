import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'kernel-not-internalized',
  property: 'helpers-internal',
  defect: 'the kernel crate is linked without --internalize',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /--internalize /, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
