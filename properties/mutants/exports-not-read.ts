import type { Mutant, PlannedStep } from '../../src/property/contract.ts';
import { isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'exports-not-read',
  property: 'exports-right',
  defect: 'with helpers inlined, what core exports stands in its table, which nothing is made of',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) => {
    if (!isInliningPlan(plan)) return plan;
    const isReader = ({ target, tool }: PlannedStep) => target === 'rust/exports.o' && tool === 'clang';
    return plan.flatMap((step) => (isReader(step) ? [shell('mv "$1" "$0" && : > "$1"'), step, shell('mv "$0" "$1"')] : [step]));
  },
};
export default mutant;

/** The table is empty while it is read, and whole before and after. */
function shell(script: string): PlannedStep {
  const kept = 'rust/exports_core.kept';
  return { target: kept, role: 'other', tool: 'sh', argv: ['sh', '-c', script, kept, 'rust/exports_core_generated.h'], inputs: [], outputs: [] };
}
