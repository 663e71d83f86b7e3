import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'objtool-without-unwind-tables',
  property: 'same-as-without',
  defect: 'with the option objtool is not told to make unwind tables for crates outside rust/',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'scripts/Makefile.build', find: /(?<=\$\(cmd_ld_single\)\) \\\n\t)\$\(cmd_objtool\)/, replace: '$(if $(CONFIG_RUST_INLINE_HELPERS),$(filter-out --orc,$(cmd_objtool)),$(cmd_objtool))', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
