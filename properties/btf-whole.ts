import type { ArtifactReader, CompileUnit } from '../src/artifact/reader.ts';
import { btfStepsOf, hasBtf, kernelFile, readTypes } from '../src/property/btf.ts';
import type { Artifact, Build, Built, Evidence, Failure, Property } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isSamePath } from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'btf-whole',
  claim: 'BTF is made and holds no type of Rust: pahole knows every unit of a Rust object by its language, and leaves it out',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (build.config['DEBUG_INFO_BTF'] !== 'y') return notApplicable('the configuration makes no BTF');
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const failures = await Promise.all(objects.map((object) => inspectObject(object, build, artifacts)));
    const inObjects = failures.flat();
    // What objects let through shows again in what is linked from them.
    return conclude(inObjects.length > 0 ? inObjects : await inspectLinked({ build, artifacts }));
  },
};
export default property;

/** A unit of C in a Rust object is the claim `no-helper-debug-info`'s to report, and one that is not ELF another's. */
async function inspectObject({ path }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  if ((await artifacts.format(path)) !== 'elf') return [];
  const units = await artifacts.compileUnits(path);
  // pahole refuses an object without any.
  if (units.length === 0 || units.some(({ language }) => /^DW_L(?:ANG|NAME)_C\d*$/.test(language))) return [];
  const unknown = units.filter(({ language }) => !/^DW_L(?:ANG|NAME)_Rust$/.test(language));
  if (unknown.length > 0) return [unknownFailure(path, unknown, build)];
  const types = await artifacts.encodedTypes(path);
  return types.length > 0 ? [encodedFailure(path, types, build)] : [];
}

function unknownFailure(path: string, units: readonly CompileUnit[], build: Build): Failure {
  const [first] = units;
  const evidence = units.slice(0, 2).map(({ name, language, producer }): Evidence => ({ kind: 'section', where: path, text: `.debug_info: ${language || 'no language'} ${name} (${producer})` }));
  return {
    summary: `${path} has a unit that pahole does not take for Rust: ${first?.language || 'it has no language'}`,
    key: ['language', first?.language || 'none'],
    evidence: [...evidence, ...compilerOf(path, build)],
  };
}

function encodedFailure(path: string, types: readonly string[], build: Build): Failure {
  const evidence = types.slice(0, 3).map((text): Evidence => ({ kind: 'section', where: path, text: `pahole --lang_exclude=rust makes BTF of ${text}` }));
  return {
    summary: `pahole makes BTF of ${types.length} types of ${path}, told to leave Rust out`,
    key: ['encoded'],
    evidence: [...evidence, ...compilerOf(path, build)],
  };
}

/** Where the kernel is linked: its BTF, and that of modules, can be read, or the claim `reads` fails, and is of C alone. */
async function inspectLinked({ build, artifacts }: Built): Promise<Failure[]> {
  if ((await artifacts.format(kernelFile)) !== 'elf') return [];
  if (!(await hasBtf(kernelFile, artifacts))) return [missingFailure(kernelFile, build)];
  const types = await readTypes({ build, artifacts });
  return [...types].flatMap(([path, names]) => namesFailure(path, names, build));
}

function missingFailure(path: string, build: Build): Failure {
  return {
    summary: `${path} has no BTF`, key: ['missing'], evidence: btfStepsOf(path, build).map(commandEvidence),
    symptoms: [[shows({ kind: 'elf', file: path }), lacks({ kind: 'section', file: path, name: '.BTF' })]],
  };
}

/** No name of C has a `<` or a `::`; the kernel refuses BTF with such a name. */
function namesFailure(path: string, names: readonly string[], build: Build): Failure[] {
  const foreign = names.filter((name) => !/^\w+$/.test(name));
  if (foreign.length === 0) return [];
  const evidence = foreign.slice(0, 3).map((text): Evidence => ({ kind: 'section', where: path, text: `.BTF: ${text}` }));
  return [{
    summary: `the BTF of ${path} has types of Rust: ${foreign[0]}`, key: ['rust-types'], evidence: [...evidence, ...btfStepsOf(path, build).map(commandEvidence)],
    symptoms: foreign.slice(0, 6).map((text) => [shows({ kind: 'string', file: path, section: '.BTF', text })]),
  }];
}

function compilerOf(path: string, build: Build): Evidence[] {
  const step = executedSteps(build).findLast(({ role, target }) => (role === 'crate' || role === 'codegen') && isSamePath(target, path));
  return step ? [commandEvidence(step)] : [];
}
