import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'option-refused-with-kasan',
  property: 'gating',
  defect: 'the option depends on !KASAN for no reason',
  arch: 'arm64',
  needs: {},
  edits: [
    { file: 'lib/Kconfig.debug', find: /(?<=X86_64\n)\tdepends on !UML\n/, replace: '\tdepends on !UML\n\tdepends on !KASAN\n', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
