import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-noinline',
  property: 'helpers-inlined',
  defect: 'helpers are marked never to be inlined',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#define always_inline __noinline__'),
};
export default mutant;
