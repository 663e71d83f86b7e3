import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-constructor-under-kasan',
  property: 'same-as-without',
  defect: 'the helpers have a constructor, among those of KASAN',
  needs: { KASAN: 'y', KASAN_GENERIC: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '__attribute__((constructor)) static void start(void) { __asm__ volatile(""); }'),
};
export default mutant;
