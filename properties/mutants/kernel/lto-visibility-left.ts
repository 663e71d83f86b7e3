import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'lto-visibility-left',
  property: 'lto-stays-out',
  defect: 'of the LTO flags -flto alone is filtered out, not what comes with it',
  arch: 'x86_64',
  needs: { LTO_CLANG_FULL: 'y', DEBUG_INFO_BTF: 'n' },
  edits: [
    { file: 'scripts/Makefile.build', find: /filter-out \$\(CC_FLAGS_LTO\),\$\(KBUILD/, replace: 'filter-out -flto%,$(KBUILD', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
