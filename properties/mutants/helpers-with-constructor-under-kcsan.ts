import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-constructor-under-kcsan',
  property: 'same-as-without',
  defect: 'the helpers have a constructor, among those of KCSAN',
  needs: { KCSAN: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '__attribute__((constructor)) static void start(void) { __asm__ volatile(""); }'),
};
export default mutant;
