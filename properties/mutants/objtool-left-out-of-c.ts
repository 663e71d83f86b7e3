import type { Mutant } from '../../src/property/contract.ts';
import { isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'objtool-left-out-of-c',
  property: 'same-as-without',
  defect: 'with the option objtool passes over the C code of rust/',
  needs: { X86_64: 'y', X86_KERNEL_IBT: 'n', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    isInliningPlan(plan) ? plan.filter(({ role, target }) => role !== 'check' || target !== 'rust/exports.o') : plan,
};
export default mutant;
