import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-not-linked',
  property: 'helpers-internal',
  defect: 'llvm-link is given the crate alone, so that its calls of helpers stay undefined',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'link', (argv) =>
      argv.filter((word) => !/helpers(?:_module)?\.bc$/.test(word)),
    ),
};
export default mutant;
