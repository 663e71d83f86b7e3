import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'core-not-exported',
  property: 'exports-right',
  defect: 'with helpers inlined, the table of what core exports stays empty, so that modules find nothing of it',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) =>
    isInliningPlan(plan) ? changeCommands(plan, ({ target }) => target === 'rust/exports_core_generated.h', () => ['sh', '-c', ': > rust/exports_core_generated.h']) : plan,
};
export default mutant;
