import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-by-another-type',
  property: 'helpers-inlined',
  defect: 'a helper is declared to bindgen otherwise than to clang, so that LLVM cannot inline it',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /__rust_helper bool rust_helper_IS_ERR/, replace: '#ifdef __BINDGEN__\nbool\n#else\n__rust_helper int\n#endif\nrust_helper_IS_ERR', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
