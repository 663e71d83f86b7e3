import type { ArtifactReader } from '../src/artifact/reader.ts';
import type { Artifact, Build, Evidence, Failure, Part, Property, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence, hasCfg, isMacroDefined } from '../src/property/steps.ts';
import {
  artifactsOf,
  excuseUnlessBuilt,
  executedSteps,
  findUnlinked,
  isInlining,
  isSamePath,
  mustBeLinked,
  tidyPath,
  writerOf,
} from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'module-variant',
  claim: 'a crate of a module is linked with the helpers compiled for modules, a built-in one with the others',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const helpers = artifactsOf(build, 'helper-bitcode');
    const objects = artifactsOf(build, 'rust-object');
    const linked = artifactsOf(build, 'linked-bitcode');
    return conclude([
      ...inspectPresence(helpers, build),
      ...helpers.flatMap((helper) => inspectHelper(helper, build)),
      ...(await Promise.all(helpers.map((helper) => inspectOwner(helper, build, artifacts)))).flat(),
      ...objects.flatMap((object) => [...inspectCfg(object, build), ...inspectLink(object, helpers, build), ...inspectNeed(object, helpers, build)]),
      ...(helpers.length > 0 ? findUnlinked(build).map((object) => unlinkedFailure(object, build)) : []),
      ...(await inspectContents(linked, helpers, build, artifacts)),
    ]);
  },
};
export default property;

const words: Record<Part, string> = { module: 'of a module', builtin: 'built in' };

/** The kernel makes both variants, whatever is linked with them. */
function inspectPresence(helpers: readonly Artifact[], build: Build): Failure[] {
  const parts: Part[] = build.config['MODULES'] === 'y' ? ['builtin', 'module'] : ['builtin'];
  const missing = parts.filter((wanted) => !helpers.some(({ part }) => part === wanted));
  return missing.map((part) => ({
    summary: `helpers are inlined, but there is no bitcode of those ${part === 'module' ? 'for modules' : 'for what is built in'}`,
    key: ['helpers-missing', part],
    evidence: executedSteps(build).filter(({ role }) => role === 'helpers').map(commandEvidence),
  }));
}

function unlinkedFailure({ path, part }: Artifact, build: Build): Failure {
  const steps = executedSteps(build).filter(({ target, role }) => isSamePath(target, path) && role !== 'check');
  return {
    summary: `${path} is ${words[part]} and not linked with the helpers`,
    key: ['unlinked', part],
    evidence: steps.slice(0, 3).map(commandEvidence),
    symptoms: [[shows({ kind: 'file', file: 'rust/helpers/helpers.bc' }), lacks({ kind: 'words', target: tidyPath(path), tool: 'llvm-link', words: '' })]],
  };
}

function inspectHelper({ path, part }: Artifact, build: Build): Failure[] {
  const step = writerOf(build, path);
  if (!step || isMacroDefined(step.argv, 'MODULE') === (part === 'module')) return [];
  return [
    {
      summary: `${path} is compiled ${part === 'module' ? 'without' : 'with'} -DMODULE`,
      key: ['helpers', part],
      evidence: [commandEvidence(step)],
      symptoms: [[(part === 'module' ? lacks : shows)({ kind: 'words', target: tidyPath(path), tool: 'clang', words: '-DMODULE' })]],
    },
  ];
}

/** What is built in has no module to call its own: THIS_MODULE is null there, and `__this_module` in a module (include/linux/init.h). */
async function inspectOwner({ path, part }: Artifact, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const step = writerOf(build, path);
  if (part === 'module' || (step && isMacroDefined(step.argv, 'MODULE'))) return [];
  const { symbols } = await artifacts.bitcode(path);
  if (!symbols.some(({ name }) => name === ownModule)) return [];
  return [
    {
      summary: `${path} is compiled without -DMODULE and speaks of ${ownModule} all the same: its source defines MODULE`,
      key: ['owner', part],
      evidence: [{ kind: 'symbol', where: path, text: ownModule }, ...(step ? [commandEvidence(step)] : [])],
      symptoms: [[shows({ kind: 'symbol', file: path, name: ownModule, as: 'any' })]],
    },
  ];
}

const ownModule = '__this_module';

/** rustc's own idea of the part comes from make variables, the artifact's from the `.mod` files: they have to agree. */
function inspectCfg({ path, part }: Artifact, build: Build): Failure[] {
  const step = crateStepOf(path, build);
  // What is always built in (`core`, `kernel`) is compiled by rules that know of no modules.
  if (!step || hasCfg(step.argv, 'MODULE') === (part === 'module')) return [];
  const how = part === 'module' ? 'without' : 'with';
  return [
    {
      summary: `${path} is ${words[part]} but its crate is compiled ${how} --cfg MODULE`,
      key: ['cfg', part],
      evidence: [commandEvidence(step)],
      symptoms: [[(part === 'module' ? lacks : shows)({ kind: 'words', target: tidyPath(path), tool: 'rustc', words: '--cfg MODULE' })]],
    },
  ];
}

function inspectLink({ path, part }: Artifact, helpers: readonly Artifact[], build: Build): Failure[] {
  const steps = executedSteps(build).filter(({ role, target }) => role === 'link' && isSamePath(target, path));
  return steps.flatMap((step) =>
    findForeign(step, part, helpers).map((helper) => ({
      summary: `${path} is ${words[part]} but linked with ${helper.path}`,
      key: ['link', part],
      evidence: [commandEvidence(step)],
      symptoms: [[shows({ kind: 'words', target: tidyPath(path), tool: 'llvm-link', words: tidyPath(helper.path) })]],
    })),
  );
}

/** Nothing but the kernel crate waits for helpers below `rust/`: what else is linked there finds them made, or half made, or from before. */
function inspectNeed(object: Artifact, helpers: readonly Artifact[], build: Build): Failure[] {
  const isHelper = (input: string) => helpers.some(({ path }) => isSamePath(path, input));
  const step = executedSteps(build).find(({ role, target, inputs }) => role === 'link' && isSamePath(target, object.path) && inputs.some(isHelper));
  if (!step || mustBeLinked(object)) return [];
  return [{
    summary: `${object.path} is linked with the helpers, though of the crates below rust/ only the kernel's calls them and waits for them`,
    key: ['linked'],
    evidence: [commandEvidence(step)],
    symptoms: [[shows({ kind: 'words', target: tidyPath(object.path), tool: 'llvm-link', words: '' })]],
  }];
}

/** Helper bitcodes for the other part that the command links. */
function findForeign({ inputs }: Step, part: Part, helpers: readonly Artifact[]): Artifact[] {
  return helpers.filter((helper) => helper.part !== part && inputs.some((input) => isSamePath(input, helper.path)));
}

function crateStepOf(path: string, build: Build): Step | undefined {
  return executedSteps(build).find(({ role, target }) => role === 'crate' && isSamePath(target, path));
}

/**
 * The commands name files; the contents tell what was in them. Names that only one of the two helper bitcodes has
 * (`__SCK__might_resched`, numbered locals) mark a crate that it was linked into.
 */
async function inspectContents(
  linked: readonly Artifact[],
  helpers: readonly Artifact[],
  build: Build,
  artifacts: ArtifactReader,
): Promise<Failure[]> {
  const builtin = helpers.find(({ part }) => part === 'builtin');
  const module = helpers.find(({ part }) => part === 'module');
  if (!builtin || !module) return [];
  const names = { builtin: await marksIn(builtin.path, artifacts), module: await marksIn(module.path, artifacts) };
  const foreign = { builtin: without(names.module, names.builtin), module: without(names.builtin, names.module) };
  const failures = linked.map((crate) => inspectContent(crate, foreign[crate.part], helpers, build, artifacts));
  return (await Promise.all(failures)).flat();
}

async function inspectContent(
  crate: Artifact,
  foreign: ReadonlySet<string>,
  helpers: readonly Artifact[],
  build: Build,
  artifacts: ArtifactReader,
): Promise<Failure[]> {
  const step = writerOf(build, crate.path);
  // A wrong file on the command line is reported as that.
  if (step && findForeign(step, crate.part, helpers).length > 0) return [];
  const suspects = [...(await marksIn(crate.path, artifacts))].filter((name) => foreign.has(name));
  if (suspects.length === 0) return [];
  const crates = artifactsOf(build, 'crate-bitcode');
  const own = step?.inputs.find((input) => crates.some(({ path }) => isSamePath(path, input)));
  const found = [...without(suspects, own ? await marksIn(own, artifacts) : new Set())].sort();
  if (found.length === 0) return [];
  const marks = found.slice(0, 5).map((name): Evidence => ({ kind: 'symbol', where: crate.path, text: name }));
  return [
    {
      summary: `${crate.path} is ${words[crate.part]} but holds what only the other helpers have: ${found[0]}`,
      key: ['content', crate.part],
      evidence: [...marks, ...(step ? [commandEvidence(step)] : [])],
      symptoms: found.slice(0, 5).map((name) => [shows({ kind: 'symbol', file: crate.path, name, as: 'any' })]),
    },
  ];
}

/** Names that linking leaves as they are: those of strings (`.str.3`) and with a number behind are given anew. */
async function marksIn(path: string, artifacts: ArtifactReader): Promise<Set<string>> {
  const { symbols } = await artifacts.bitcode(path);
  const isMark = (name: string) => !/^llvm\.|\.\d+$/.test(name);
  return new Set(symbols.filter(({ linkage }) => linkage !== 'private').map(({ name }) => name).filter(isMark));
}

function without(names: Iterable<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...names].filter((name) => !others.has(name)));
}
