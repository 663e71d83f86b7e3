import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'bindings-linked',
  property: 'module-variant',
  defect: 'the crate of the bindings is linked with helpers as the kernel crate is, though it does not wait for them',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => {
    const linked = plan.filter(({ role, target }) => (role === 'link' || role === 'codegen') && target === 'rust/kernel.o');
    const isCrate = ({ role, target }: PlannedStep) => role === 'crate' && target === 'rust/bindings.o';
    return plan.flatMap((step) => (linked.length > 0 && isCrate(step) ? [asBitcode(step), ...linked.map(forBindings)] : [step]));
  },
};
export default mutant;

function asBitcode(step: PlannedStep): PlannedStep {
  const argv = step.argv.map((word) => word.replace(/^--emit=obj=(.*)\.o$/, '--emit=llvm-bc=$1.bc'));
  return { ...step, argv, outputs: step.outputs.map((path) => path.replace(/\.o$/, '.bc')) };
}

function forBindings({ target, argv, inputs, outputs, ...step }: PlannedStep): PlannedStep {
  const name = (word: string) => word.replace(/^rust\/kernel\./, 'rust/bindings.');
  return { ...step, target: name(target), argv: argv.map(name), inputs: inputs.map(name), outputs: outputs.map(name) };
}
