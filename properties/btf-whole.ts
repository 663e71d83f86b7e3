import type { ArtifactReader, CompileUnit } from '../src/artifact/reader.ts';
import type { Artifact, Build, Built, Evidence, Failure, Property, Subject } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isSamePath } from '../src/property/subject.ts';

const property: Property = {
  name: 'btf-whole',
  claim: 'BTF is made and holds no type of Rust, nor one more than with the option off: pahole knows every unit of a Rust object by its language, and leaves it out',
  judge: async (subject) => {
    const { build, artifacts } = subject;
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (build.config['DEBUG_INFO_BTF'] !== 'y') return notApplicable('the configuration makes no BTF');
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const failures = await Promise.all(objects.map((object) => inspectObject(object, build, artifacts)));
    const inObjects = failures.flat();
    // What objects let through shows again in what is linked from them.
    return conclude(inObjects.length > 0 ? inObjects : await inspectLinked(subject));
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
async function inspectLinked(subject: Subject): Promise<Failure[]> {
  const { build, artifacts } = subject;
  if ((await artifacts.format(kernel)) !== 'elf') return [];
  if (!(await hasBtf(kernel, artifacts))) return [missingFailure(kernel, build)];
  const types = await readTypes(subject);
  const foreign = [...types].flatMap(([path, names]) => namesFailure(path, names, build));
  const twin = subject.passes?.twin;
  // A type of Rust is one more, too.
  if (foreign.length > 0 || twin === undefined || 'impossible' in twin || twin.build.outcome.kind !== 'succeeded') return foreign;
  const others = await readTypes(twin);
  return [...types].flatMap(([path, names]) => moreFailure(path, names, others.get(path) ?? [], build));
}

const kernel = 'vmlinux';

/** Names of the types in the kernel's BTF, and of those that modules add to it; a name that stands for two types comes twice. */
async function readTypes({ build, artifacts }: Built): Promise<Map<string, string[]>> {
  const base = await artifacts.btfNames(kernel, null);
  const known = new Set(base);
  const types = new Map([[kernel, base]]);
  const modules = build.config['DEBUG_INFO_BTF_MODULES'] === 'y' ? artifactsOf(build, 'module') : [];
  for (const { path } of modules) {
    // A module of Rust alone has no types to tell of.
    if (!(await hasBtf(path, artifacts))) continue;
    types.set(path, (await artifacts.btfNames(path, kernel)).filter((name) => !known.has(name)));
  }
  return types;
}

async function hasBtf(path: string, artifacts: ArtifactReader): Promise<boolean> {
  return (await artifacts.elf(path)).sections.some(({ name }) => name === '.BTF');
}

function missingFailure(path: string, build: Build): Failure {
  return { summary: `${path} has no BTF`, key: ['missing'], evidence: makerOf(path, build) };
}

/** No name of C has a `<` or a `::`; the kernel refuses BTF with such a name. */
function namesFailure(path: string, names: readonly string[], build: Build): Failure[] {
  const foreign = names.filter((name) => !/^\w+$/.test(name));
  if (foreign.length === 0) return [];
  const evidence = foreign.slice(0, 3).map((text): Evidence => ({ kind: 'section', where: path, text: `.BTF: ${text}` }));
  return [{ summary: `the BTF of ${path} has types of Rust: ${foreign[0]}`, key: ['rust-types'], evidence: [...evidence, ...makerOf(path, build)] }];
}

/** Types are C's, and C is the same: what helpers add with the option off goes, and what pahole cannot merge comes twice. */
function moreFailure(path: string, names: readonly string[], others: readonly string[], build: Build): Failure[] {
  const [counts, before] = [Map.groupBy(names, (name) => name), Map.groupBy(others, (name) => name)];
  const more = [...counts].filter(([name, same]) => same.length > (before.get(name)?.length ?? 0));
  if (more.length === 0) return [];
  const show = ([name, same]: [string, string[]]): Evidence => ({ kind: 'section', where: path, text: `.BTF: ${name}: ${same.length} types with the option on, ${before.get(name)?.length ?? 0} off` });
  return [{ summary: `the BTF of ${path} has more types than with the option off: ${more[0]?.[0]}`, key: ['more-types'], evidence: [...more.slice(0, 6).map(show), ...makerOf(path, build)] }];
}

function compilerOf(path: string, build: Build): Evidence[] {
  const step = executedSteps(build).findLast(({ role, target }) => (role === 'crate' || role === 'codegen') && isSamePath(target, path));
  return step ? [commandEvidence(step)] : [];
}

function makerOf(path: string, build: Build): Evidence[] {
  return executedSteps(build).filter(({ role, target }) => role === 'btf' && isSamePath(target, path)).map(commandEvidence);
}
