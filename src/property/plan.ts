import type { PlannedStep } from './contract.ts';

/** The plan with the words of some commands changed; what else is said of those steps stays. */
export function changeCommands(
  plan: readonly PlannedStep[],
  isMeant: (step: PlannedStep) => boolean,
  change: (argv: string[]) => string[],
): PlannedStep[] {
  return plan.map((step) => (isMeant(step) ? { ...step, argv: change(step.argv) } : step));
}

/** The plan with one file put for another, in the words of some commands and in their inputs. */
export function replaceInput(
  plan: readonly PlannedStep[],
  isMeant: (step: PlannedStep) => boolean,
  swap: { from: RegExp; to: string },
): PlannedStep[] {
  const replace = (words: string[]) => words.map((word) => word.replace(swap.from, swap.to));
  return plan.map((step) => (isMeant(step) ? { ...step, argv: replace(step.argv), inputs: replace(step.inputs) } : step));
}

/** The plan with a text, in a file of its own, included at the head of what some commands compile. */
export function includeText(
  plan: readonly PlannedStep[],
  isMeant: (step: PlannedStep) => boolean,
  file: { path: string; text: string },
): PlannedStep[] {
  if (!plan.some(isMeant)) return [...plan];
  const argv = ['sh', '-c', `printf '%s\\n' '${file.text}' > ${file.path}`];
  const write: PlannedStep = { target: file.path, role: 'other', tool: 'sh', argv, inputs: [], outputs: [file.path] };
  return [write, ...changeCommands(plan, isMeant, (words) => [...words, '-include', file.path])];
}

/** Whether the plan inlines helpers: a defect of the option must leave other builds alone. */
export function isInliningPlan(plan: readonly PlannedStep[]): boolean {
  return plan.some(({ role }) => role === 'link');
}
