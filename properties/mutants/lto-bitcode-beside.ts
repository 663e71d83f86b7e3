import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'lto-bitcode-beside',
  property: 'lto-stays-out',
  defect: 'the bitcode of a crate stays in its object beside the native code',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => plan.flatMap((step) => (step.role === 'codegen' ? [step, addBitcode(step)] : [step])),
};
export default mutant;

function addBitcode({ target, inputs }: PlannedStep): PlannedStep {
  return { target, role: 'objcopy', tool: 'llvm-objcopy', argv: ['llvm-objcopy', `--add-section=.llvmbc=${inputs[0]}`, target], inputs: [target], outputs: [target] };
}
