import type { Mutant, PlannedStep } from '../../src/property/contract.ts';
import { changeCommands, isInliningPlan } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'exports-not-read',
  property: 'exports-right',
  defect: 'with helpers inlined, what core exports stands in its table, which nothing is made of',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) => {
    if (!isInliningPlan(plan)) return plan;
    const header = 'rust/empty/exports_core_generated.h';
    const write: PlannedStep = { target: header, role: 'other', tool: 'sh', argv: ['sh', '-c', ': > "$0"', header], inputs: [], outputs: [header] };
    return [write, ...changeCommands(plan, ({ target, tool }) => target === 'rust/exports.o' && tool === 'clang', ([clang = '', ...words]) => [clang, '-Irust/empty', ...words])];
  },
};
export default mutant;
