import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-visibility-left',
  property: 'lto-stays-out',
  defect: 'code generation is spared -flto alone, not what comes with it',
  needs: { RUST_INLINE_HELPERS: 'y', LTO_CLANG_THIN: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'codegen', (argv) => argv.flatMap((word) => (word === '-fno-lto' ? [word, '-fvisibility=hidden'] : [word]))),
};
export default mutant;
