import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helper-noinline',
  property: 'helpers-inlined',
  defect: 'one helper has lost its mark, and asks not to be inlined',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/err.c', find: /__rust_helper long/, replace: 'noinline long', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
