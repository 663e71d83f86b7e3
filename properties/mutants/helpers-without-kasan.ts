import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-without-kasan',
  property: 'hardening-survives',
  defect: 'kbuild takes the helpers for no kernel object, so that sanitizers stay out of them and of the crates that they become part of',
  needs: { RUST_INLINE_HELPERS: 'y', KASAN: 'y', KASAN_GENERIC: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => argv.filter((word) => word !== '-fsanitize=kernel-address')),
};
export default mutant;
