import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'crate-without-path-mapping',
  property: 'reproducible',
  defect: 'crates are compiled without --remap-path-prefix, so that their panics name the directory of the sources',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'crate', (argv) => argv.filter((word) => !word.startsWith('--remap-path-'))),
};
export default mutant;
