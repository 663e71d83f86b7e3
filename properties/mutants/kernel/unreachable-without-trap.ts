import type { KernelMutant } from '../../../src/property/contract.ts';

const mutant: KernelMutant = {
  name: 'unreachable-without-trap',
  property: 'flags-agree',
  defect: 'code generation is not asked to trap where Rust code cannot go on',
  arch: 'x86_64',
  needs: {},
  edits: [
    { file: 'Makefile', find: /-mllvm -trap-unreachable/, replace: '', times: 1 },
  ],
  isFromNothing: false,
};
export default mutant;
