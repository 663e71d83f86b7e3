import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-by-another-convention',
  property: 'helpers-inlined',
  defect: 'a helper is called by another convention than C has, of which the bindings know nothing',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /^__rust_helper bool rust_helper_IS_ERR\(/m, replace: '#ifndef __BINDGEN__\n__attribute__((ms_abi))\n#endif\n__rust_helper bool rust_helper_IS_ERR(', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
