import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'option-on-uml',
  property: 'gating',
  defect: 'the option no longer depends on !UML',
  arch: 'um',
  needs: {},
  edits: [
    { file: 'lib/Kconfig.debug', find: /(?<=X86_64\n)\tdepends on !UML\n/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
