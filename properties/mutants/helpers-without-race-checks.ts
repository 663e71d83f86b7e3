import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-without-race-checks',
  property: 'hardening-survives',
  defect: 'helpers are compiled without the race detector, which C code of the configuration has',
  needs: { RUST_INLINE_HELPERS: 'y', KCSAN: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.filter((word) => word !== '-fsanitize=thread')),
};
export default mutant;
