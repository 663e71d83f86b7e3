import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-without-bounds-checks',
  property: 'flags-agree',
  defect: 'helpers are compiled without the checks of bounds that C code has',
  needs: { UBSAN: 'y', UBSAN_BOUNDS: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.filter((word) => word !== '-fsanitize=array-bounds')),
};
export default mutant;
