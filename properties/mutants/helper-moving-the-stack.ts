import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helper-moving-the-stack',
  property: 'objtool-clean',
  defect: 'a helper pushes a word of which no compiler knows, and the Rust function that it becomes part of returns to it',
  needs: { X86_64: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#include <asm/atomic.h>\n#define atomic_read(value) ({ asm volatile("pushq %%rax" : : : "memory"); READ_ONCE((value)->counter); })'),
};
export default mutant;
