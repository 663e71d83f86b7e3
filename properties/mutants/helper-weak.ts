import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-weak',
  property: 'helpers-internal',
  defect: 'a helper is weak, so that an architecture can have its own, and crates inline the one that was to give way',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '_Bool rust_helper_WARN_ON(_Bool condition) __attribute__((weak));'),
};
export default mutant;
