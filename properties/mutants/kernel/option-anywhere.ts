import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'option-anywhere',
  property: 'gating',
  defect: 'the option no longer depends on ARM64 || X86_64',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'lib/Kconfig.debug', find: /\tdepends on ARM64 \|\| X86_64\n(?=\tdepends on !UML)/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
