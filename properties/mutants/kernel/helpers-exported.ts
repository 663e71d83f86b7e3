import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-exported',
  property: 'helpers-internal',
  defect: 'the helpers are built and exported as with the option off',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /(?<=helpers_module\.bc\n)else\n/, replace: 'endif\nifdef CONFIG_RUST\n', times: 1 },
    { file: 'rust/exports.c', find: /#ifndef CONFIG_RUST_INLINE_HELPERS/, replace: '#if 1', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
