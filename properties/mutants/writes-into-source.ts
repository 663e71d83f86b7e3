import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'writes-into-source',
  property: 'writes-inside',
  defect: 'compiling the helpers leaves a note beside their source, and goes on where that is refused',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    plan.flatMap((step): PlannedStep[] => {
      if (step.role !== 'helpers') return [step];
      const argv = ['sh', '-c', `touch ${step.inputs[0]}.stamp || true`];
      return [step, { target: `${step.target}.stamp`, role: 'other', tool: 'sh', argv, inputs: step.inputs, outputs: [] }];
    }),
};
export default mutant;
