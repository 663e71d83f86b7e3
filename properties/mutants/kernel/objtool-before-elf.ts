import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'objtool-before-elf',
  property: 'objtool-clean',
  defect: 'code generation keeps the LTO flags, and objtool comes before ld -r',
  arch: 'x86_64',
  needs: { LTO_CLANG_FULL: 'y', DEBUG_INFO_BTF: 'n' },
  edits: [
    { file: 'scripts/Makefile.build', find: /filter-out \$\(CC_FLAGS_LTO\),\$\(KBUILD/, replace: 'filter-out ,$(KBUILD', times: 1 },
    { file: 'scripts/Makefile.build', find: /\$\(cmd_ld_single\)\) \\\n\t\$\(cmd_objtool\)/, replace: '$(cmd_objtool)$(cmd_ld_single))', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
