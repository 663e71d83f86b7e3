import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'codegen-with-unused-flags',
  property: 'flags-agree',
  defect: 'code generation does not say which of its flags do nothing',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'codegen', (argv) => [...argv, '-Qunused-arguments']),
};
export default mutant;
