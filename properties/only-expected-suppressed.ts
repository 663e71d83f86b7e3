import type { ArtifactReader, BitcodeFacts, FunctionTarget } from '../src/artifact/reader.ts';
import type { Build, Evidence, Failure, Property, Sign, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isInlining, isSamePath, tidyPath } from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

/**
 * `--suppress-warnings` of llvm-link and `-Wno-override-module` of clang are there for one difference, that of the
 * triples on arm64, and would hide any other. So both commands are asked again without. Of what differs LLVM passes over
 * some in silence: a module flag of which the smaller value wins (and none counts as 0), such as those that turn
 * protection of branches on, and the features that functions are compiled for.
 */
const property: Property = {
  name: 'only-expected-suppressed',
  claim: 'helpers and crates are made for one target, and the warnings that linking them suppresses are of triples alone',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const steps = executedSteps(build);
    const failures = await Promise.all([
      ...steps.filter(({ role }) => role === 'link').flatMap((step) => [inspectLink(step, build, artifacts), inspectTargets(step, build, artifacts)]),
      ...steps.filter(({ role }) => role === 'codegen').map((step) => inspectCodegen(step, build, artifacts)),
    ]);
    return conclude([...failures.flat(), ...steps.flatMap(inspectOutputs)]);
  },
};
export default property;

/** clang's name and rustc's for what the kernel calls arm64; elsewhere both say the same. */
const expected: Record<Build['arch'], readonly string[]> = {
  x86_64: [],
  arm64: ['aarch64-unknown-linux-gnu', 'aarch64-unknown-none'],
  um: [],
};

async function inspectLink(step: Step, { arch }: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const warnings = await artifacts.linkWarnings(step);
  return warnings.filter((warning) => !isOfTriples(warning, arch)).map((warning) => warningFailure('llvm-link', warning, step));
}

async function inspectCodegen(step: Step, { arch }: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const warnings = await artifacts.overrideWarnings(step);
  return warnings.filter((warning) => !isOfTriples(warning, arch)).map((warning) => warningFailure('clang', warning, step));
}

/** A warning about triples, if these are the two that are to differ. */
function isOfTriples(warning: string, arch: Build['arch']): boolean {
  const linked = /^warning: Linking two modules of different target triples: '.*' is '(.*)' whereas '.*' is '(.*)'$/.exec(warning);
  const overridden = /^warning: overriding the module target triple with (\S+) \[-Woverride-module\]$/.exec(warning);
  const found = (linked ?? overridden)?.slice(1) ?? [];
  return found.length > 0 && found.every((triple) => expected[arch].includes(triple));
}

function warningFailure(tool: 'llvm-link' | 'clang', warning: string, step: Step): Failure {
  return {
    summary: `${step.target}: ${tool} would say: ${warning.replace(/^warning: /, '')}`,
    key: [tool, normaliseMessage(warning.replace(/^(warning: Linking two modules of different [^:]*|warning: overriding the module target triple).*$/, '$1').replaceAll(/'[^']*\.bc'/g, "'<file>'"))],
    evidence: [{ kind: 'log', where: step.target, text: warning }, commandEvidence(step)],
    symptoms: [[shows({ kind: 'warning', target: tidyPath(step.target), tool, text: warning.replace(/^warning: /, '') })]],
  };
}

/** Whatever it has to say, nobody hears it. */
function inspectOutputs(step: Step): Failure[] {
  if (!speaking.has(step.role) || !step.outputs.includes('/dev/null')) return [];
  return [{ summary: `${step.target}: what ${step.tool} says is thrown away`, key: [step.tool, 'thrown away'], evidence: [commandEvidence(step)] }];
}

const speaking = new Set<Step['role']>(['helpers', 'crate', 'link', 'codegen', 'to-elf', 'check']);

/** What the bitcode of a crate and that of the helpers say of their target. */
type Pair = { step: Step; build: Build; crate: BitcodeFacts; helpers: BitcodeFacts; path: string; helper: string };

async function inspectTargets(step: Step, build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const find = (kind: 'crate-bitcode' | 'helper-bitcode') => artifactsOf(build, kind).find(({ path }) => step.inputs.some((input) => isSamePath(input, path)));
  const [crate, helper] = [find('crate-bitcode'), find('helper-bitcode')];
  if (!crate || !helper) return [];
  const pair = { step, build, crate: await artifacts.bitcode(crate.path), helpers: await artifacts.bitcode(helper.path), path: crate.path, helper: helper.path };
  return [...inspectFlags(pair), ...inspectFeatures(pair)];
}

/** Behaviour 8 of LLVM: of two values the smaller counts. */
function inspectFlags(pair: Pair): Failure[] {
  const [crate, helpers] = [valuesOf(pair.crate), valuesOf(pair.helpers)];
  const names = [pair.crate, pair.helpers].flatMap(({ flags }) => flags.filter(({ behaviour }) => behaviour === 8).map(({ name }) => name));
  const lost = [...new Set(names)].filter((name) => (crate.get(name) ?? 'i32 0') !== (helpers.get(name) ?? 'i32 0'));
  return lost.map((name) =>
    pairFailure(pair, `the flag '${name}' is weakened by linking`, ['flag', name], [crate, helpers].map((flags) => `${name}: ${flags.get(name) ?? 'not set'}`), flagSigns(pair, name)),
  );
}

/** Whoever has a value has another than the other. */
function flagSigns({ crate, helpers, path, helper }: Pair, name: string): Sign[] {
  const [value, isOfCrate] = [valuesOf(crate).get(name) ?? valuesOf(helpers).get(name) ?? '', valuesOf(crate).has(name)];
  return [shows({ kind: 'flag', file: tidyPath(isOfCrate ? path : helper), name, value }), lacks({ kind: 'flag', file: tidyPath(isOfCrate ? helper : path), name, value })];
}

function valuesOf({ flags }: BitcodeFacts): Map<string, string> {
  return new Map(flags.map(({ name, value }) => [name, value]));
}

/**
 * What a processor has by itself, though only clang says so (rust/helpers/helpers.c of the kernel). Of processors that
 * are not listed nothing is known, and only a feature that rustc turns off contradicts clang.
 */
const implied: Record<string, readonly string[]> = { 'x86-64': ['cmov', 'cx8', 'fxsr'], 'generic': [] };

/**
 * Helpers are inlined though features differ, since they are to be inlined always: what one is compiled with, its
 * caller has to be compiled with too. Features of Rust's alone (`soft-float`, `strict-align`) take nothing away.
 */
function inspectFeatures(pair: Pair): Failure[] {
  const rust = pair.crate.targets.filter(({ features }) => features.length > 0);
  const missing = pair.helpers.targets.flatMap((target) => rust.flatMap((other) => findMissing(target, other)));
  return [...new Set(missing)].map((feature) =>
    pairFailure(pair, `helpers are compiled with '${feature}', the crate is not`, ['feature', feature], [
      ...rust.slice(0, 1).map(({ features }) => features.join(',')),
      ...pair.helpers.targets.filter(({ features }) => features.includes(`+${feature}`)).slice(0, 1).map(({ features }) => features.join(',')),
    ], rust.some(({ features }) => features.includes(`+${feature}`)) ? [] : [shows({ kind: 'attribute', file: tidyPath(pair.helper), name: `+${feature}` }), lacks({ kind: 'attribute', file: tidyPath(pair.path), name: `+${feature}` })]),
  );
}

function findMissing({ cpu, features }: FunctionTarget, rust: FunctionTarget): string[] {
  const known = implied[cpu];
  const wanted = features.filter((feature) => feature.startsWith('+')).map((feature) => feature.slice(1));
  return wanted.filter((name) => {
    if (rust.features.includes(`+${name}`)) return false;
    if (known === undefined && cpu === rust.cpu) return rust.features.includes(`-${name}`);
    return !(known ?? []).includes(name);
  });
}

function pairFailure({ step, helper }: Pair, what: string, key: string[], [crate = '', helpers = '']: readonly string[], signs: Sign[]): Failure {
  const evidence: Evidence[] = [
    { kind: 'file', where: step.inputs[0] ?? step.target, text: crate },
    { kind: 'file', where: helper, text: helpers },
  ];
  return { summary: `${step.target}: ${what}`, key, evidence: [...evidence, commandEvidence(step)], ...(signs.length > 0 ? { symptoms: [signs] } : {}) };
}
