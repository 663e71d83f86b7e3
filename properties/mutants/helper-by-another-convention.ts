import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-by-another-convention',
  property: 'helpers-inlined',
  defect: 'a helper is called by another convention than C has, so that LLVM takes the calls of it away',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#include <asm/atomic.h>\n__attribute__((preserve_most)) int rust_helper_atomic_read(const atomic_t *value);'),
};
export default mutant;
