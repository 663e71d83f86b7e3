import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'btf-with-lto',
  property: 'gating',
  defect: 'RUST no longer rules out LTO where there is BTF',
  arch: 'arm64',
  needs: {},
  edits: [
    { file: 'init/Kconfig', find: /\(PAHOLE_HAS_LANG_EXCLUDE && !LTO\)/, replace: 'PAHOLE_HAS_LANG_EXCLUDE', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
