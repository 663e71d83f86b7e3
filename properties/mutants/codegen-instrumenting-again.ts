import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'codegen-instrumenting-again',
  property: 'flags-agree',
  defect: 'code generation traces what is run, in Rust code too and in helpers once more',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'codegen', (argv) => [...argv, '-fsanitize-coverage=trace-pc']),
};
export default mutant;
