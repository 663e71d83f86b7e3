import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-for-another-system',
  property: 'only-expected-suppressed',
  defect: 'helpers are compiled for another system than the crates, which llvm-link would warn of',
  needs: { X86_64: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.map((word) => (word.startsWith('--target=') ? '--target=x86_64-linux-musl' : word))),
};
export default mutant;
