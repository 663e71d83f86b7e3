import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'crates-without-overflow-checks',
  property: 'same-as-without',
  defect: 'crates that are to be linked are compiled without the checks for overflow that the configuration asks for',
  needs: { RUST_OVERFLOW_CHECKS: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    isInliningPlan(plan) ? changeCommands(plan, ({ role }) => role === 'crate', (argv) => argv.map((word) => word.replace('-Coverflow-checks=y', '-Coverflow-checks=n'))) : plan,
};
export default mutant;
