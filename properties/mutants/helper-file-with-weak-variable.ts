import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-file-with-weak-variable',
  property: 'helpers-internal',
  defect: 'the file of a helper has a weak variable, for which others are to have another value',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, 'extern const int helper_limit; const int helper_limit __weak = 3;'),
};
export default mutant;
