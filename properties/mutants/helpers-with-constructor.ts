import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-constructor',
  property: 'same-as-without',
  defect: 'the helpers have a constructor, so that every crate brings one to be run at the start',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, 'static volatile int started; __attribute__((constructor)) static void start(void) { started = 1; }'),
};
export default mutant;
