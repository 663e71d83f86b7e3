import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-module-without-macro',
  property: 'module-variant',
  defect: 'the helpers for modules are compiled without -DMODULE',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.filter((word) => word !== '-DMODULE')),
};
export default mutant;
