import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'rust-with-randstruct',
  property: 'gating',
  defect: 'RUST no longer rules out RANDSTRUCT',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'init/Kconfig', find: /\tdepends on !RANDSTRUCT\n/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
