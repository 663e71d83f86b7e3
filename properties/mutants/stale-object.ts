import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'stale-object',
  property: 'incremental-equals-clean',
  defect: 'an object that is there already stays, whatever made it',
  needs: { RUST_INLINE_HELPERS: 'y', ARM64: 'y' },
  apply: (plan) =>
    plan.flatMap((step) => {
      if (step.role !== 'codegen') return [step];
      return [shell(step, 'if [ -e "$0" ]; then cp "$0" "$0.kept"; fi'), step, shell(step, 'if [ -e "$0.kept" ]; then mv "$0.kept" "$0"; fi')];
    }),
};
export default mutant;

/** The step that generates code stays the compiler's, as it is in `.cmd` files: properties run it again. */
function shell({ target }: PlannedStep, script: string): PlannedStep {
  return { target, role: 'other', tool: 'sh', argv: ['sh', '-c', script, target], inputs: [], outputs: [] };
}
