import type { Mutant, PlannedStep } from '../../src/property/contract.ts';

const mutant: Mutant = {
  name: 'crates-linked-into-one-file',
  property: 'files-unshared',
  defect: 'each directory has one file for bitcode with helpers linked in, which all crates pass through',
  needs: { RUST_INLINE_HELPERS: 'y' },
  apply: (plan) => {
    const rename = (word: string) => word.replace(/[^/]+\.m\.bc$/, 'linked.m.bc');
    const isMeant = ({ role }: PlannedStep) => role === 'link' || role === 'codegen';
    return plan.map((step) => (isMeant(step) ? { ...step, argv: step.argv.map(rename), inputs: step.inputs.map(rename), outputs: step.outputs.map(rename) } : step));
  },
};
export default mutant;
