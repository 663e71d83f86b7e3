import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'warnings-of-codegen-off',
  property: 'flags-agree',
  defect: 'whatever generating code warns of is left unsaid, not the name of a system alone',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'codegen', (argv) => [...argv, '-w']),
};
export default mutant;
