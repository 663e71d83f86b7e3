import type { Mutant } from '../../src/property/contract.ts';
import { hasCfg } from '../../src/property/steps.ts';

const mutant: Mutant = {
  name: 'crate-not-linked',
  property: 'module-variant',
  defect: 'crates of modules are compiled straight to objects, without the helpers',
  needs: { RUST_INLINE_HELPERS: 'y', MODULES: 'y' },
  apply: (plan) => {
    const crates = plan.filter(({ role, argv }) => role === 'crate' && hasCfg(argv, 'MODULE'));
    const targets = new Set(crates.map(({ target }) => target));
    return plan
      .filter(({ role, target }) => !targets.has(target) || (role !== 'link' && role !== 'codegen'))
      .map((step) => {
        if (!crates.includes(step)) return step;
        const argv = step.argv.map((word) => (word.startsWith('--emit=llvm-bc=') ? `--emit=obj=${step.target}` : word));
        return { ...step, argv, outputs: [step.target] };
      });
  },
};
export default mutant;
