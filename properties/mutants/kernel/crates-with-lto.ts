import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'crates-with-lto',
  property: 'elf-for-objtool',
  defect: 'the LTO flags are not filtered out where crates outside rust/ are compiled from bitcode',
  arch: 'x86_64',
  needs: { LTO_CLANG_FULL: 'y', DEBUG_INFO_BTF: 'n' },
  edits: [
    { file: 'scripts/Makefile.build', find: /\$\(filter-out \$\(CC_FLAGS_LTO\),(\$\(KBUILD_CFLAGS\))\)/, replace: '$(KBUILD_CFLAGS)', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
