import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'bitcode-left-by-clean',
  property: 'tidy',
  defect: 'make clean does not know of bitcode',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ target }) => target === 'clean', (argv) => argv.map((word) => (word === '*.bc' ? '*.ll' : word))),
};
export default mutant;
