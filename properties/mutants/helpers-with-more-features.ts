import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-more-features',
  property: 'only-expected-suppressed',
  defect: 'helpers are compiled for a processor with instructions that the crates do not count on',
  needs: { X86_64: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-madx']),
};
export default mutant;
