import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-unprotected',
  property: 'only-expected-suppressed',
  defect: 'helpers are compiled without protection of return addresses, and linking takes its flag from the crates',
  needs: { ARM64: 'y', ARM64_PTR_AUTH: 'y', ARM64_PTR_AUTH_KERNEL: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-mbranch-protection=none']),
};
export default mutant;
