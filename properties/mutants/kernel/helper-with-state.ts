import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-with-state',
  property: 'same-as-without',
  defect: 'a helper counts its calls, and each crate gets a counter of its own',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /return IS_ERR\(ptr\);/, replace: 'static unsigned long calls;\n\n\treturn calls++ && IS_ERR(ptr);', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
