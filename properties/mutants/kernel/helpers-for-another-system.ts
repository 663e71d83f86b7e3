import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-for-another-system',
  property: 'only-expected-suppressed',
  defect: 'helpers are compiled for another system than the crates, which llvm-link would warn of',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /-c -g0 /, replace: '--target=x86_64-unknown-none -Wno-unused-command-line-argument -c -g0 ', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
