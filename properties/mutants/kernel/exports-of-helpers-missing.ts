import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'exports-of-helpers-missing',
  property: 'builds',
  defect: "the table of the helpers' exports is included, though the option leaves none",
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/exports.c', find: /#ifndef CONFIG_RUST_INLINE_HELPERS/, replace: '#if 1', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
