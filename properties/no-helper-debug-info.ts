import type { ArtifactReader, CompileUnit } from '../src/artifact/reader.ts';
import type { Artifact, Build, Evidence, Failure, Property, Sign } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, writerOf } from '../src/property/subject.ts';
import { shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'no-helper-debug-info',
  claim: 'helper bitcode has no debug information, and no compile unit of C reaches a Rust object',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    const objects = artifactsOf(build, 'rust-object');
    if (objects.length === 0) return notApplicable('the build has no Rust objects');
    const helpers = await collect(artifactsOf(build, 'helper-bitcode'), artifacts);
    const crates = await collect([...artifactsOf(build, 'linked-bitcode'), ...objects], artifacts);
    const tainted = crates.map(keepC).filter(({ units }) => units.length > 0);
    const sources = helpers.filter(({ units }) => units.length > 0);
    if (sources.length > 0) return conclude([helpersFailure(sources, tainted, build)]);
    return conclude(tainted.map((file) => crateFailure(file, build)));
  },
};
export default property;

type FileUnits = { path: string; units: CompileUnit[] };

function collect(files: readonly Artifact[], artifacts: ArtifactReader): Promise<FileUnits[]> {
  return Promise.all(files.map(async ({ path }) => ({ path, units: await readUnits(path, artifacts) })));
}

/** A Rust object that is bitcode is the claim `elf-for-objtool`'s to report; its units count all the same. */
async function readUnits(path: string, artifacts: ArtifactReader): Promise<CompileUnit[]> {
  switch (await artifacts.format(path)) {
    case 'elf':
      return artifacts.compileUnits(path);
    case 'bitcode':
      return (await artifacts.bitcode(path)).compileUnits;
    default:
      return [];
  }
}

/** `DW_LANG_C`, `DW_LANG_C99`, `DW_LANG_C11` …; DWARF 6 says `DW_LNAME_C` for all of them. */
function keepC({ path, units }: FileUnits): FileUnits {
  return { path, units: units.filter(({ language }) => /^DW_L(?:ANG|NAME)_C\d*$/.test(language)) };
}

/** What the helpers bring along they bring into every crate: one failure, however far it got. */
function helpersFailure(sources: readonly FileUnits[], tainted: readonly FileUnits[], build: Build): Failure {
  const paths = sources.map(({ path }) => path).join(', ');
  const reach = tainted.length > 0 ? `, which reaches ${nameSome(tainted)}` : '';
  const commands = sources.map(({ path }) => writerOf(build, path)).filter((step) => step !== null);
  return {
    summary: `${paths}: compiled with debug information${reach}`,
    key: ['helpers'],
    evidence: [...commands.map(commandEvidence), ...[...sources, ...tainted].flatMap(unitEvidence)],
    symptoms: tainted.flatMap(symptomsOf),
  };
}

function nameSome(files: readonly FileUnits[]): string {
  const paths = files.slice(0, 3).map(({ path }) => path);
  return [...paths, ...(files.length > 3 ? [`${files.length - 3} more`] : [])].join(', ');
}

function crateFailure(file: FileUnits, build: Build): Failure {
  const step = writerOf(build, file.path);
  return {
    summary: `${file.path} holds a compile unit of C: ${file.units[0]?.name ?? ''}`,
    key: ['crate'],
    evidence: [...unitEvidence(file), ...(step ? [commandEvidence(step)] : [])],
    symptoms: symptomsOf(file),
  };
}

function unitEvidence({ path, units }: FileUnits): Evidence[] {
  return units.slice(0, 2).map(({ name, language, producer }) => ({
    kind: 'section',
    where: path,
    text: `.debug_info: ${language} ${name} (${producer})`,
  }));
}

/** Of objects: bitcode takes a disassembler. */
function symptomsOf({ path }: FileUnits): Sign[][] {
  return path.endsWith('.o') ? [[shows({ kind: 'unit-of-c', file: path })]] : [];
}
