import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'c-without-strict-aliasing',
  property: 'same-as-without',
  defect: 'with the option all C code of the kernel is compiled with another flag',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    isInliningPlan(plan) ? changeCommands(plan, ({ tool }) => tool === 'clang', (argv) => argv.map((word) => word.replace('-fno-strict-aliasing', '-fstrict-aliasing'))) : plan,
};
export default mutant;
