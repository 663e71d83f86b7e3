import type { Mutant, PlannedStep } from '../../src/property/contract.ts';
import { changeCommands } from '../../src/property/plan.ts';

const mutant: Mutant = {
  name: 'lto-flags-left',
  property: 'lto-stays-out',
  defect: 'code generation keeps the LTO flags, and ld -r makes native code of every object afterwards, so that all ends as ELF',
  needs: { RUST_INLINE_HELPERS: 'y', LTO_CLANG_FULL: 'y' },
  apply: (plan) => {
    const flagged = changeCommands(plan, ({ role }) => role === 'codegen', (argv) =>
      argv.map((word) => (word === '-fno-lto' ? '-flto' : word)),
    );
    const hasElf = (object: string) => plan.some(({ role, target }) => role === 'to-elf' && target === object);
    return flagged.flatMap((step) => (step.role === 'codegen' && !hasElf(step.target) ? [step, ...makeElf(step.target)] : [step]));
  },
};
export default mutant;

function makeElf(target: string): PlannedStep[] {
  const temporary = `${target}.tmp`;
  const link = ['ld.lld', '-r', '-o', temporary, target];
  return [
    { target, role: 'to-elf', tool: 'ld.lld', argv: link, inputs: [target], outputs: [temporary] },
    { target, role: 'to-elf', tool: 'mv', argv: ['mv', temporary, target], inputs: [temporary], outputs: [target] },
  ];
}
