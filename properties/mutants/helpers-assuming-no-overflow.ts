import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-assuming-no-overflow',
  property: 'flags-agree',
  defect: 'helpers are compiled as if signed numbers and pointers never overflowed, unlike all other C code of the kernel',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.filter((word) => word !== '-fno-strict-overflow')),
};
export default mutant;
