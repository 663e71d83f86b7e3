import type { ArtifactReader } from '../src/artifact/reader.ts';
import type { Artifact, Build, Failure, Property, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence, hasPluginLto, isLtoEffective } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isSamePath, tidyPath } from '../src/property/subject.ts';

const property: Property = {
  name: 'elf-for-objtool',
  claim: 'every Rust object is ELF of the right machine when objtool reads it, under LTO too',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const failures = await Promise.all(objects.map((object) => inspectObject(object, build, artifacts)));
    return conclude(failures.flat());
  },
};
export default property;

const machines: Record<Build['arch'], string> = { x86_64: 'EM_X86_64', arm64: 'EM_AARCH64', um: 'EM_X86_64' };

/**
 * The file shows what objtool left, the commands what it found: objtool may run before a later step makes ELF of the
 * file, and where it does not run at all (arm64, objects for vmlinux under LTO) only the file counts.
 */
async function inspectObject({ path }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const history = followObject(path, build);
  if (history.atCheck) return [wrongAtCheck(path, history)];
  const format = await artifacts.format(path);
  if (format !== 'elf') return [wrongAtEnd(path, format, history.writers)];
  const { machine } = await artifacts.elf(path);
  return machine === machines[build.arch] ? [] : [wrongMachine(path, machine, machines[build.arch], history.writers)];
}

function wrongAtCheck(path: string, { atCheck, writers }: History): Failure {
  return {
    summary: `${path} is LLVM bitcode when objtool reads it`,
    key: ['bitcode', 'check'],
    evidence: [...writers.slice(-1), ...(atCheck ? [atCheck] : [])].map(commandEvidence),
  };
}

function wrongAtEnd(path: string, format: string, writers: readonly Step[]): Failure {
  return {
    summary: `${path} is ${format === 'bitcode' ? 'LLVM bitcode' : format}, not ELF`,
    key: [format, 'end'],
    evidence: [{ kind: 'file', where: path, text: `its first bytes say: ${format}` }, ...writers.map(commandEvidence)],
  };
}

function wrongMachine(path: string, found: string, expected: string, writers: readonly Step[]): Failure {
  return {
    summary: `${path} is made for ${found} instead of ${expected}`,
    key: ['machine'],
    evidence: [{ kind: 'file', where: path, text: `e_machine is ${found}` }, ...writers.map(commandEvidence)],
  };
}

/** Steps that wrote the object, and the first `check` step, if any, that met bitcode in it. */
type History = { writers: Step[]; atCheck: Step | null };

/** Follows the format of every file that leads to the object through the executed commands. */
function followObject(path: string, build: Build): History {
  const formats = new Map<string, 'elf' | 'bitcode'>();
  const history: History = { writers: [], atCheck: null };
  for (const step of executedSteps(build).filter(({ target }) => isSamePath(target, path))) {
    const read = step.inputs.map(tidyPath);
    if (step.role === 'check') {
      if (read.some((input) => formats.get(input) === 'bitcode')) history.atCheck ??= step;
      continue;
    }
    for (const output of step.outputs.map(tidyPath)) {
      const format = formatWritten(step, output, formats);
      if (format) formats.set(output, format);
    }
    if (step.outputs.some((output) => isSamePath(output, path))) history.writers.push(step);
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
