import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'btf-without-lang-exclude',
  property: 'btf-whole',
  defect: 'pahole is not told to leave Rust out',
  needs: { RUST_INLINE_HELPERS: 'y', BPF_SYSCALL: 'y', DEBUG_INFO_DWARF5: 'y', DEBUG_INFO_BTF: 'y', DEBUG_INFO_BTF_MODULES: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'btf', (argv) => argv.filter((word) => word !== '--lang_exclude=rust')),
};
export default mutant;
