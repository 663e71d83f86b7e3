import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'llvm-options-for-rustc-alone',
  property: 'flags-agree',
  defect: 'an option for making machine code is given to rustc, which makes none',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role, argv }) => role === 'crate' && argv.some((word) => word.startsWith('--emit=llvm-bc=')), (argv) => [...argv, '-Cllvm-args=-enable-fs-discriminator=true']),
};
export default mutant;
