import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'crates-not-internalized',
  property: 'helpers-internal',
  defect: 'crates outside rust/ are linked without --internalize',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /--internalize /, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
