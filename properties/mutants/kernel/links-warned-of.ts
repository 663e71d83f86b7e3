import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'links-warned-of',
  property: 'same-as-without',
  defect: 'llvm-link is not told --suppress-warnings, and warns of the triples of arm64',
  arch: 'arm64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /--suppress-warnings /, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
