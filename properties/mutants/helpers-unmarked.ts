import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-unmarked',
  property: 'helpers-inlined',
  defect: 'helpers are not marked as always inlined, so that LLVM weighs attributes that C and Rust never share',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-Dalways_inline=unused']),
};
export default mutant;
