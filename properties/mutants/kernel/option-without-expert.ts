import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'option-without-expert',
  property: 'gating',
  defect: 'the option no longer depends on EXPERT',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'lib/Kconfig.debug', find: /\tdepends on EXPERT\n(?=\tdepends on ARM64)/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
