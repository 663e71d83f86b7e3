import type { Mutant, PlannedStep } from '../../src/property/contract.ts';
import { isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'kernel-with-another-type',
  property: 'btf-unchanged',
  defect: 'with helpers inlined, the kernel has an object more, and with it a type that it does not have without',
  needs: { RUST_INLINE_HELPERS: 'y', BPF_SYSCALL: 'y', DEBUG_INFO_DWARF5: 'y', DEBUG_INFO_BTF: 'y' },
  apply: (plan) => {
    const compiled = plan.find(({ target, tool }) => target === 'kernel/printk.o' && tool === 'clang');
    if (!isInliningPlan(plan) || compiled === undefined) return plan;
    const isLink = ({ target, tool }: PlannedStep) => target === 'vmlinux.o' && tool === 'ld.lld';
    return plan.flatMap((step) => (isLink(step) ? [write, compileLike(compiled), { ...step, argv: [...step.argv, object], inputs: [...step.inputs, object] }] : [step]));
  },
};
export default mutant;

const source = 'kernel/only_inlined.c';
const object = 'kernel/only_inlined.o';
const text = 'struct only_inlined { long value; }; extern struct only_inlined only_inlined; struct only_inlined only_inlined;';
const write: PlannedStep = { target: source, role: 'other', tool: 'sh', argv: ['sh', '-c', 'printf "%s\\n" "$1" > "$0"', source, text], inputs: [], outputs: [source] };

function compileLike({ target, inputs, ...step }: PlannedStep): PlannedStep {
  const swap = (word: string) => (word === target ? object : inputs.includes(word) ? source : word);
  return { ...step, target: object, argv: step.argv.map(swap), inputs: [source], outputs: [object] };
}
