import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-defining-module',
  property: 'module-variant',
  defect: 'a header that helpers include defines MODULE, so that those for what is built in are compiled as if for modules',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '#ifndef MODULE\n#define MODULE\n#endif'),
};
export default mutant;
