import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'module-without-cfg',
  property: 'module-variant',
  defect: 'crates of modules are compiled without --cfg MODULE',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'crate', (argv) =>
      argv.filter((word, index) => word !== 'MODULE' && !(word === '--cfg' && argv[index + 1] === 'MODULE')),
    ),
};
export default mutant;
