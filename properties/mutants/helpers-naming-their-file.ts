import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-naming-their-file',
  property: 'no-helper-identity',
  defect: 'BUG() tells the file it is written in, which is that of a helper',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#include <linux/bug.h>\n#undef BUG\n#define BUG() do { __warn_slow(__FILE__, __LINE__); __builtin_trap(); } while (0)'),
};
export default mutant;
