import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'core-not-exported',
  property: 'exports-right',
  defect: 'what core exports is not exported any more where helpers are inlined',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/exports.c', find: /#include "exports_core_generated\.h"/, replace: '#ifndef CONFIG_RUST_INLINE_HELPERS\n#include "exports_core_generated.h"\n#endif', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
