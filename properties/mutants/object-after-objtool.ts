import type { Mutant } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'object-after-objtool',
  property: 'elf-for-objtool',
  defect: 'code is generated once more when objtool has been there, and what it added is lost',
  needs: { X86_64: 'y', X86_KERNEL_IBT: 'n', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => plan.flatMap((step) => (step.role === 'check' ? [step, ...plan.filter(({ role, target }) => role === 'codegen' && target === step.target)] : [step])),
};
export default mutant;
