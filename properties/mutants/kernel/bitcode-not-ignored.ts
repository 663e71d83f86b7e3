import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'bitcode-not-ignored',
  property: 'tidy',
  defect: 'git is not told to ignore bitcode',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: '.gitignore', find: /^\*\.bc\n/m, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
