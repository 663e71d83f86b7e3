import type { ArtifactReader } from '../src/artifact/reader.ts';
import type { Artifact, Build, Failure, Property, Step } from '../src/property/contract.ts';
import { followObject } from '../src/property/history.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence, hasPluginLto, isLtoEffective } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isSamePath, tidyPath } from '../src/property/subject.ts';
import { arePlain, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'lto-stays-out',
  claim: 'no LTO flag reaches the compilation of Rust and no bitcode hides in its objects or in what is linked of them, while C beside it stays bitcode under LTO',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const flags = await inspectFlags(objects, build, artifacts);
    const failures = await Promise.all([
      // What hides in an object is what a flag asked for.
      ...(flags.length > 0 ? [] : objects.map((object) => inspectSections(object, build, artifacts))),
      ...findCompiledC(build, objects).map((object) => inspectC(object, build, artifacts)),
    ]);
    const found = [...flags, ...failures.flat()];
    // What hides in an object hides in what is linked of it.
    const linked = found.length > 0 ? [] : [...artifactsOf(build, 'kernel'), ...artifactsOf(build, 'module')];
    return conclude([...found, ...(await Promise.all(linked.map((file) => inspectSections(file, build, artifacts)))).flat()]);
  },
};
export default property;

/** What LTO flags do to objects is the claim `elf-for-objtool`'s to report: these are for objects that end as ELF. */
async function inspectFlags(objects: readonly Artifact[], build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const isBitcode = async ({ path }: Artifact) => followObject(path, build).atCheck !== null || (await artifacts.format(path)) === 'bitcode';
  if ((await Promise.all(objects.map(isBitcode))).includes(true)) return [];
  return executedSteps(build).flatMap((step) => {
    const flags = findFlags(step, build);
    if (flags.length === 0) return [];
    const summary = `${step.target} is made with LTO flags: ${flags.join(' ')}`;
    const symptoms = flags.every(arePlain) ? [flags.map((words) => shows({ kind: 'words', target: tidyPath(step.target), tool: step.tool, words }))] : [];
    return [{ summary, key: [step.role, flags[0]?.replace(/=.*/, '') ?? ''], evidence: [commandEvidence(step)], symptoms }];
  });
}

function findFlags({ role, argv }: Step, build: Build): string[] {
  if (role === 'crate') return hasPluginLto(argv) ? ['-Clinker-plugin-lto'] : argv.filter((word) => /^(?:-C)?lto(?:$|=(?!n$|no$|off$|false$))/.test(word));
  if (role !== 'codegen') return [];
  const isLto = build.config['LTO_CLANG'] === 'y';
  return argv.filter((word) => {
    if (/^-flto(?:=|$)/.test(word)) return isLtoEffective(argv);
    // Visibility is LTO's doing where there is LTO (CC_FLAGS_LTO of the top Makefile).
    return /^-f(?:split-lto-unit|fat-lto-objects|embed-bitcode|thinlto-index|whole-program-vtables)\b/.test(word) || (isLto && word === '-fvisibility=hidden');
  });
}

/** Sections in which compilers put bitcode beside native code. */
const hiding = new Set(['.llvm.lto', '.llvmbc', '.llvmcmd']);

async function inspectSections({ path }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  if ((await artifacts.format(path)) !== 'elf') return [];
  const { sections } = await artifacts.layout(path);
  const found = sections.filter(({ name }) => hiding.has(name));
  return found.map(({ name, size }) => ({
    summary: `${path} has bitcode beside its native code`,
    key: ['embedded'],
    evidence: [{ kind: 'section', where: path, text: `${name}: ${size} bytes` }, ...followObject(path, build).writers.map(commandEvidence)],
    symptoms: [[shows({ kind: 'section', file: path, name })]],
  }));
}

/** Objects of C files in the directories of Rust objects. A module's own record (`X.mod.c`) is never seen by LTO. */
function findCompiledC(build: Build, objects: readonly Artifact[]): Artifact[] {
  if (build.config['LTO_CLANG'] !== 'y') return [];
  const directories = new Set(objects.map(({ path }) => directoryOf(path)));
  const isCompiled = ({ path }: Artifact) =>
    executedSteps(build).some(({ target, tool, inputs }) => tool === 'clang' && isSamePath(target, path) && inputs.some((input) => input.endsWith('.c')));
  return artifactsOf(build, 'c-object').filter((object) => directories.has(directoryOf(object.path)) && !object.path.endsWith('.mod.o') && isCompiled(object));
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** It stays bitcode until the whole kernel or a whole module is linked, unless `ld -r` made ELF of it for objtool or modpost. */
async function inspectC({ path }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const steps = executedSteps(build).filter(({ target }) => isSamePath(target, path));
  const format = await artifacts.format(path);
  if (format !== 'elf' || steps.some(({ role }) => role === 'to-elf')) return [];
  return [
    {
      summary: `${path} is native code of C, which LTO is to see`,
      key: ['c-object'],
      evidence: [{ kind: 'file', where: path, text: 'its first bytes say: elf' }, ...steps.map(commandEvidence)],
      symptoms: [[shows({ kind: 'elf', file: path })]],
    },
  ];
}
