import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-file-with-state',
  property: 'same-as-without',
  defect: 'the file of a helper counts calls, and each crate gets a counter of its own',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /^__rust_helper bool rust_helper_IS_ERR\(/m, replace: 'static unsigned long calls;\n\n__rust_helper bool rust_helper_IS_ERR(', times: 1 },
    { file: 'rust/helpers/err.c', find: /return IS_ERR\(ptr\);/, replace: 'return calls++ && IS_ERR(ptr);', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
