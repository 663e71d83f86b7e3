import type { ArtifactReader } from '../src/artifact/reader.ts';
import type { Artifact, Build, Failure, Property, Step } from '../src/property/contract.ts';
import { followObject, type History } from '../src/property/history.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt } from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'elf-for-objtool',
  claim: 'every Rust object is ELF of the right machine when objtool reads it, under LTO too, and stays what objtool has read; what is linked of them is ELF as well',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const failures = (await Promise.all(objects.map((object) => inspectObject(object, build, artifacts)))).flat();
    if (failures.length > 0) return conclude(failures);
    const linked = [...artifactsOf(build, 'kernel'), ...artifactsOf(build, 'module')];
    return conclude((await Promise.all(linked.map((file) => inspectObject(file, build, artifacts)))).flat());
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
  if (history.afterCheck) return [rewritten(path, history)];
  const format = await artifacts.format(path);
  if (format !== 'elf') return [wrongAtEnd(path, format, history.writers)];
  const { machine } = await artifacts.layout(path);
  return machine === machines[build.arch] ? [] : [wrongMachine(path, machine, machines[build.arch], history.writers)];
}

function wrongAtCheck(path: string, { atCheck, writers }: History): Failure {
  return {
    summary: `${path} is LLVM bitcode when objtool reads it`,
    key: ['bitcode', 'check'],
    evidence: [...writers.slice(-1), ...(atCheck ? [atCheck] : [])].map(commandEvidence),
  };
}

/** What objtool has read, and added to, is gone. */
function rewritten(path: string, { afterCheck }: History): Failure {
  return {
    summary: `${path} is written again after objtool has read it`,
    key: ['rewritten'],
    evidence: afterCheck ? [commandEvidence(afterCheck)] : [],
  };
}

function wrongAtEnd(path: string, format: string, writers: readonly Step[]): Failure {
  return {
    summary: `${path} is ${format === 'bitcode' ? 'LLVM bitcode' : format}, not ELF`,
    key: [format, 'end'],
    evidence: [{ kind: 'file', where: path, text: `its first bytes say: ${format}` }, ...writers.map(commandEvidence)],
    symptoms: [[shows({ kind: 'file', file: path }), lacks({ kind: 'elf', file: path })]],
  };
}

function wrongMachine(path: string, found: string, expected: string, writers: readonly Step[]): Failure {
  return {
    summary: `${path} is made for ${found} instead of ${expected}`,
    key: ['machine'],
    evidence: [{ kind: 'file', where: path, text: `e_machine is ${found}` }, ...writers.map(commandEvidence)],
  };
}
