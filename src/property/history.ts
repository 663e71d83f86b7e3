import type { Build, Step } from './contract.ts';
import { hasPluginLto, isLtoEffective } from './steps.ts';
import { executedSteps, isSamePath, tidyPath } from './subject.ts';

/** Steps that wrote an object, the first `check` step, if any, that met bitcode in it, and the first step, if any, that wrote it anew after a check. */
export type History = { writers: Step[]; atCheck: Step | null; afterCheck: Step | null };

/** Follows the format of every file that leads to the object through the executed commands. */
export function followObject(path: string, build: Build): History {
  const formats = new Map<string, 'elf' | 'bitcode'>();
  const history: History = { writers: [], atCheck: null, afterCheck: null };
  let isChecked = false;
  for (const step of executedSteps(build).filter(({ target }) => isSamePath(target, path))) {
    const read = step.inputs.map(tidyPath);
    if (step.role === 'check') {
      if (read.some((input) => formats.get(input) === 'bitcode')) history.atCheck ??= step;
      isChecked = true;
      continue;
    }
    for (const output of step.outputs.map(tidyPath)) {
      const format = formatWritten(step, output, formats);
      if (format) formats.set(output, format);
    }
    if (!step.outputs.some((output) => isSamePath(output, path))) continue;
    history.writers.push(step);
    if (isChecked) history.afterCheck ??= step;
  }
  return history;
}

/** What the command makes of its output; null where it does not say. */
function formatWritten(step: Step, output: string, before: Map<string, 'elf' | 'bitcode'>): 'elf' | 'bitcode' | null {
  const { role, tool, argv, inputs } = step;
  if (output.endsWith('.bc')) return 'bitcode';
  if (!output.endsWith('.o')) return null;
  if (role === 'to-elf') return 'elf';
  if (role === 'crate') return hasPluginLto(argv) ? 'bitcode' : 'elf';
  if (role === 'codegen') return isLtoEffective(argv) ? 'bitcode' : 'elf';
  if (tool === 'mv') return before.get(tidyPath(inputs[0] ?? '')) ?? null;
  return null;
}
