import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'rust-with-genksyms',
  property: 'gating',
  defect: 'RUST no longer rules out versions that genksyms makes',
  arch: 'arm64',
  needs: {},
  edits: [
    { file: 'init/Kconfig', find: /\tdepends on !MODVERSIONS \|\| GENDWARFKSYMS\n/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
