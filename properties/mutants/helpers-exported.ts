import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-exported',
  property: 'helpers-internal',
  defect: 'the table of exports lists the helpers too, which no longer exist outside the crates',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'exports', (argv) =>
      argv.map((word) => word.replace('rust/kernel.o', 'rust/kernel.o rust/helpers/helpers.bc')),
    ),
};
export default mutant;
