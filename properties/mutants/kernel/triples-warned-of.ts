import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'triples-warned-of',
  property: 'same-as-without',
  defect: 'clang is not told -Wno-override-module, and warns of the triples of arm64',
  arch: 'arm64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /-Wno-override-module /, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
