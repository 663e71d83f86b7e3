import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'helpers-noted-in-source',
  property: 'writes-inside',
  defect: 'compiling the helpers leaves a note beside their source, and goes on where that is refused',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'rust/Makefile', find: /\$< -emit-llvm -o \$@/, replace: '$< -emit-llvm -o $@; touch $<.stamp || true', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
