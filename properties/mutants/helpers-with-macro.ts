import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-macro',
  property: 'flags-agree',
  defect: 'helpers see a macro that no other C code sees',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-DNDEBUG']),
};
export default mutant;
