import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-naming-themselves',
  property: 'no-helper-identity',
  defect: 'a header prints KBUILD_MODNAME, and helpers inline it',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-DDEBUG']),
};
export default mutant;
