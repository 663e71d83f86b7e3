import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-unmarked',
  property: 'helpers-inlined',
  defect: 'helpers are not marked as always inlined, so that LLVM weighs attributes that C and Rust never share',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#define always_inline unused'),
};
export default mutant;
