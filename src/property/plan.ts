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

/**
 * The plan with C source put before the helpers', as a header that they include; a first step writes it. make clean
 * knows it by its name.
 */
export function includeInHelpers(plan: readonly PlannedStep[], source: string): PlannedStep[] {
  return includeSource(plan, ({ role }) => role === 'helpers', source);
}

/** As {@link includeInHelpers}, for any commands of clang. */
export function includeSource(plan: readonly PlannedStep[], isMeant: (step: PlannedStep) => boolean, source: string): PlannedStep[] {
  if (!plan.some(isMeant)) return [...plan];
  const header = 'rust/helpers/included_generated.h';
  const write: PlannedStep = {
    target: header, role: 'other', tool: 'sh', argv: ['sh', '-c', 'printf "%s\\n" "$1" > "$0"', header, source], inputs: [], outputs: [header],
  };
  return [write, ...changeCommands(plan, isMeant, (argv) => [...argv, '-include', header])];
}

/** Whether the plan inlines helpers: a defect of the option must leave other builds alone. */
export function isInliningPlan(plan: readonly PlannedStep[]): boolean {
  return plan.some(({ role }) => role === 'link');
}
