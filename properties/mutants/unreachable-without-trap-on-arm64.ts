import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'unreachable-without-trap-on-arm64',
  property: 'flags-agree',
  defect: 'code generation is not asked to trap where Rust code cannot go on',
  needs: { ARM64: 'y', RUST_INLINE_HELPERS: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'codegen', (argv) => {
      const isTrap = (word: string | undefined) => /^-(?:no-)?trap-/.test(word ?? '');
      return argv.filter((word, index) => !isTrap(word) && !(word === '-mllvm' && isTrap(argv[index + 1])));
    }),
};
export default mutant;
