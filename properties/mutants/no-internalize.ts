import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'no-internalize',
  property: 'helpers-internal',
  defect: 'helpers are linked into crates without --internalize',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'link', (argv) => argv.filter((word) => word !== '--internalize')),
};
export default mutant;
