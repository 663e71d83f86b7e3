import type { Mutant } from '../../src/property/contract.ts';
import { formatCommand } from '../../src/property/steps.ts';

const mutant: Mutant = {
  name: 'stale-object',
  property: 'incremental-equals-clean',
  defect: 'code is generated only where there is no object yet, whatever made the one that is there',
  needs: { RUST_INLINE_HELPERS: 'y', ARM64: 'y' },
  apply: (plan) =>
    plan.map((step) => (step.role === 'codegen' ? { ...step, argv: ['sh', '-c', `[ -e ${step.target} ] || exec ${formatCommand(step)}`] } : step)),
};
export default mutant;
