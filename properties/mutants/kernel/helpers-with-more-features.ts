import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-with-more-features',
  property: 'only-expected-suppressed',
  defect: 'helpers are compiled for a processor with instructions that the crates do not count on',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /-c -g0 /, replace: '-madx -c -g0 ', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
