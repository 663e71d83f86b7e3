import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-lost-in-c',
  property: 'lto-stays-out',
  defect: 'what spares Rust the LTO flags takes them from C too',
  needs: { RUST_INLINE_HELPERS: 'y', LTO_CLANG_FULL: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role, tool }) => role === 'other' && tool === 'clang', (argv) => argv.filter((word) => word !== '-flto' && word !== '-fvisibility=hidden')),
};
export default mutant;
