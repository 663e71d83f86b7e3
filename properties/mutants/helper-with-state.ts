import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-with-state',
  property: 'same-as-without',
  defect: 'a helper counts its calls, and each crate gets a counter of its own',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#include <linux/bug.h>\n#undef BUG\n#define BUG() do { static volatile int calls; calls++; __builtin_trap(); } while (0)'),
};
export default mutant;
