import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'split-debug-units',
  property: 'btf-whole',
  defect: 'code generation splits debug information, so that what stays in the object does not say that it is of Rust',
  needs: { RUST_INLINE_HELPERS: 'y', BPF_SYSCALL: 'y', DEBUG_INFO_DWARF5: 'y', DEBUG_INFO_BTF: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'codegen', (argv) => [...argv, '-gsplit-dwarf']),
};
export default mutant;
