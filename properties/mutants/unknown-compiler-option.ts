import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'unknown-compiler-option',
  property: 'builds',
  defect: 'code generation passes clang an option that it does not know',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'codegen', (argv) => [...argv, '-fno-such-option']),
};
export default mutant;
