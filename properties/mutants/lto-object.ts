import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-object',
  property: 'elf-for-objtool',
  defect: 'code generation keeps the LTO flags and nothing makes ELF of its output',
  needs: { RUST_INLINE_HELPERS: 'y', LTO_CLANG_FULL: 'y' },
  apply: (plan) =>
    changeCommands(
      plan.filter(({ role }) => role !== 'to-elf'),
      ({ role }) => role === 'codegen',
      (argv) => [...argv.filter((word) => word !== '-fno-lto'), '-flto'],
    ),
};
export default mutant;
