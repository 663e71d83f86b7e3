import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-noinline',
  property: 'helpers-inlined',
  defect: 'helpers are marked never to be inlined',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/helpers/helpers.c', find: /__rust_helper __always_inline/, replace: '__rust_helper noinline', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
