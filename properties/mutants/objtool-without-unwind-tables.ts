import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'objtool-without-unwind-tables',
  property: 'same-as-without',
  defect: 'objtool is not told to make unwind tables for objects that code was generated for',
  needs: { X86_64: 'y', UNWINDER_ORC: 'y', X86_KERNEL_IBT: 'n', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => {
    const generated = new Set(plan.filter(({ role }) => role === 'codegen').map(({ target }) => target));
    return changeCommands(plan, ({ role, target }) => role === 'check' && generated.has(target), (argv) => argv.filter((word) => word !== '--orc'));
  },
};
export default mutant;
