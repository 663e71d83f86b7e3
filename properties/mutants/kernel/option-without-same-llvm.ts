import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'option-without-same-llvm',
  property: 'gating',
  defect: 'the option no longer depends on clang and rustc being of one LLVM',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'lib/Kconfig.debug', find: /RUST && RUSTC_CLANG_LLVM_COMPATIBLE/, replace: 'RUST', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
