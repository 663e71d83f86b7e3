import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-assembly',
  property: 'no-helper-identity',
  defect: 'a header that helpers include has assembly outside of functions, which llvm-link puts into every crate',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, 'asm(".pushsection .discard.notes; .string \\"helpers\\"; .popsection");'),
};
export default mutant;
