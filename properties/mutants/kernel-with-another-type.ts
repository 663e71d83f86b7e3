import type { Mutant } from '../../src/property/contract.ts';
import { includeSource, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'kernel-with-another-type',
  property: 'btf-unchanged',
  defect: 'with helpers inlined, C code of the kernel has a type that it does not have without',
  needs: { RUST_INLINE_HELPERS: 'y', BPF_SYSCALL: 'y', DEBUG_INFO_DWARF5: 'y', DEBUG_INFO_BTF: 'y' },
  apply: (plan) =>
    isInliningPlan(plan)
      ? includeSource(plan, ({ target, tool }) => target === 'kernel/printk.o' && tool === 'clang', 'struct only_inlined { long value; }; extern struct only_inlined only_inlined; struct only_inlined only_inlined;')
      : plan,
};
export default mutant;
