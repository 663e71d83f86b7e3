import type { Mutant } from '../../src/property/contract.ts';
import { includeText } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'helpers-with-modinfo',
  property: 'same-as-without',
  defect: 'a header of the helpers imports a name space, and with it every module of Rust does',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    includeText(plan, ({ role }) => role === 'helpers', {
      path: 'rust/helpers/modinfo.h',
      text: 'static const char imported[] __attribute__((used, section(".modinfo"), aligned(1))) = "import_ns=PWM";',
    }),
};
export default mutant;
