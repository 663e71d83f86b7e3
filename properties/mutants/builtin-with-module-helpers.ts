import type { Mutant } from '../../src/property/contract.ts';
import { replaceInput } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'builtin-with-module-helpers',
  property: 'module-variant',
  defect: 'built-in crates are linked with the helpers for modules',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    replaceInput(plan, ({ role }) => role === 'link', { from: /helpers\.bc$/, to: 'helpers_module.bc' }),
};
export default mutant;
