import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-naming-themselves',
  property: 'no-helper-identity',
  defect: 'a header prints KBUILD_MODNAME, and helpers inline it',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#define DEBUG'),
};
export default mutant;
