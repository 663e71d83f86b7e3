import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'events-of-sample-changed',
  property: 'same-as-without',
  defect: 'C code is another one where helpers are inlined',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'samples/rust/rust_print_events.c', find: /#define CREATE_TRACE_POINTS\n/, replace: '#ifdef CONFIG_RUST_INLINE_HELPERS\nint only_inlined __attribute__((visibility("hidden")));\n#endif\n#define CREATE_TRACE_POINTS\n', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
