import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-noinline',
  property: 'helpers-inlined',
  defect: 'helpers are marked never to be inlined',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => changeCommands(plan, ({ role }) => role === 'helpers', (argv) => [...argv, '-Dalways_inline=__noinline__']),
};
export default mutant;
