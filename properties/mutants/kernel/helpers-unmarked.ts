import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-unmarked',
  property: 'helpers-inlined',
  defect: 'helpers are not marked as always inlined',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/helpers.c', find: /__rust_helper __always_inline/, replace: '__rust_helper', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
