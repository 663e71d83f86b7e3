import type { Mutant } from '../../src/property/contract.ts';
import { includeInHelpers } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-importing-namespace',
  property: 'no-helper-identity',
  defect: 'a header that helpers include has a string for .modinfo, which then reaches every crate',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => includeInHelpers(plan, '__attribute__((used, section(".modinfo"))) static const char import[] = KBUILD_MODNAME ".import_ns=PWM";'),
};
export default mutant;
