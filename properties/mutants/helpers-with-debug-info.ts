import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-debug-info',
  property: 'no-helper-debug-info',
  defect: 'helpers are compiled with -g instead of -g0',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.map((word) => (word === '-g0' ? '-g' : word))),
};
export default mutant;
