import type { Mutant } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'objtool-left-out',
  property: 'same-as-without',
  defect: 'objtool is not run on objects that code was generated for',
  needs: { X86_64: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => {
    const generated = new Set(plan.filter(({ role }) => role === 'codegen').map(({ target }) => target));
    return plan.filter(({ role, target }) => role !== 'check' || !generated.has(target));
  },
};
export default mutant;
