import type { Mutant } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-module',
  property: 'elf-for-objtool',
  defect: 'code generation keeps the LTO flags and no ld -r follows; where there is no objtool, nothing complains',
  needs: { ARM64: 'y', RUST_INLINE_HELPERS: 'y', LTO_CLANG_FULL: 'y' },
  apply: (plan) =>
    changeCommands(
      plan.filter(({ role }) => role !== 'to-elf'),
      ({ role }) => role === 'codegen',
      (argv) => argv.map((word) => (word === '-fno-lto' ? '-flto' : word)),
    ),
};
export default mutant;
