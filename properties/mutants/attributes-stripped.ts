import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'attributes-stripped',
  property: 'hardening-survives',
  defect: 'attributes that keep LLVM from inlining are taken from the linked bitcode, among them one that hardens',
  needs: { RUST_INLINE_HELPERS: 'y', ARM64: 'y', SHADOW_CALL_STACK: 'y' },
  apply: (plan) => plan.flatMap((step) => (step.role === 'link' ? [step, strip(step)] : [step])),
};
export default mutant;

function strip({ target, outputs: [linked = ''] }: PlannedStep): PlannedStep {
  const argv = ['opt', '-passes=forceattrs', '-force-remove-attribute=shadowcallstack', '-o', linked, linked];
  return { target, role: 'other', tool: 'opt', argv, inputs: [linked], outputs: [linked] };
}
