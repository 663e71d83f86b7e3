import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'crate-without-padding',
  property: 'hardening-survives',
  defect: 'rustc is spared the room before functions where it writes bitcode, as if the code generation after it made that',
  needs: { RUST_INLINE_HELPERS: 'y', CALL_PADDING: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role, argv }) => role === 'crate' && argv.some((word) => word.startsWith('--emit=llvm-bc=')), (argv) =>
      argv.filter((word) => !word.startsWith('-Zpatchable-function-entry=')),
    ),
};
export default mutant;
