import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-exported',
  property: 'helpers-internal',
  defect: 'a helper exports itself',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /return PTR_ERR\(ptr\);\n\}/, replace: 'return PTR_ERR(ptr);\n}\nEXPORT_SYMBOL_GPL(rust_helper_PTR_ERR);', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
