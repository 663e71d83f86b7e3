import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'crate-without-debug-info',
  property: 'same-as-without',
  defect: 'with helpers inlined, crates are compiled without debug information',
  needs: { RUST_INLINE_HELPERS: 'y', DEBUG_INFO_DWARF5: 'y' },
  apply: (plan) =>
    isInliningPlan(plan) ? changeCommands(plan, ({ role }) => role === 'crate', (argv) => argv.filter((word) => !word.startsWith('-Cdebuginfo='))) : plan,
};
export default mutant;
