import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-file-with-state',
  property: 'same-as-without',
  defect: 'a lock beside a helper is taken in it, and each crate gets a lock of its own',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    includeInHelpers(plan, '#include <linux/mutex.h>\nstatic struct mutex halt_lock;\n#include <linux/bug.h>\n#undef BUG\n#define BUG() do { mutex_lock(&halt_lock); __builtin_trap(); } while (0)'),
};
export default mutant;
