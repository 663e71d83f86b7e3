import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-named-in-messages',
  property: 'no-helper-identity',
  defect: 'a message of a helper has KBUILD_MODNAME in brackets before it',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    includeInHelpers(plan, '#include <linux/bug.h>\n#undef BUG\n#define BUG() do { _printk("[" KBUILD_MODNAME "] gives up"); __builtin_trap(); } while (0)'),
};
export default mutant;
