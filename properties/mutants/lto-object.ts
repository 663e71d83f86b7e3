import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-object',
  property: 'elf-for-objtool',
  defect: 'code generation keeps the LTO flags, so that objects that ld -r does not pass are bitcode',
  needs: { RUST_INLINE_HELPERS: 'y', LTO_CLANG_FULL: 'y' },
  apply: (plan) =>
    changeCommands(plan, ({ role }) => role === 'codegen', (argv) =>
      argv.map((word) => (word === '-fno-lto' ? '-flto' : word)),
    ),
};
export default mutant;
