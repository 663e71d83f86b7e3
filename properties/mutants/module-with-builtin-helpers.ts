import type { Mutant } from '../../src/property/contract.ts';
import { replaceInput } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'module-with-builtin-helpers',
  property: 'module-variant',
  defect: 'crates of modules are linked with the helpers for what is built in',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) =>
    replaceInput(plan, ({ role }) => role === 'link', { from: /helpers_module\.bc$/, to: 'helpers.bc' }),
};
export default mutant;
