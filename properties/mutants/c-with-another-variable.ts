import type { Mutant } from '../../src/property/contract.ts';
import { includeSource, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'c-with-another-variable',
  property: 'same-as-without',
  defect: 'with helpers inlined, a header gives C code a variable more',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => (isInliningPlan(plan) ? includeSource(plan, ({ target, tool }) => target === 'lib/string.o' && tool === 'clang', 'extern int only_inlined; int only_inlined;') : plan),
};
export default mutant;
