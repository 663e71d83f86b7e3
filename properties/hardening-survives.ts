import type { ArtifactReader, BitcodeFacts } from '../src/artifact/reader.ts';
import { findPromises, type ObjectCode, type Trait } from '../src/property/code-traits.ts';
import type { Artifact, Build, Evidence, Failure, Property, Step } from '../src/property/contract.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isInlining, isSamePath, tidyPath, writerOf } from '../src/property/subject.ts';
import { lacks, shows } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'hardening-survives',
  claim: 'Rust code with helpers linked in is hardened and instrumented as without them, and so is what they bring along',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const links = await readLinks(build, artifacts);
    const helpers = await Promise.all(artifactsOf(build, 'helper-bitcode').map((helper) => inspectHelper(helper, links, build, artifacts)));
    const bitcode = [...helpers.flat(), ...links.flatMap(inspectLink)];
    // What the bitcode lacks its object cannot have.
    return conclude(bitcode.length > 0 ? bitcode : await inspectObjects(links, build, artifacts));
  },
};
export default property;

/** A crate's bitcode before and after a helper bitcode was linked into it. */
type Link = { step: Step; crate: string; path: string; before: BitcodeFacts; after: BitcodeFacts };

async function readLinks(build: Build, artifacts: ArtifactReader): Promise<Link[]> {
  const crates = artifactsOf(build, 'crate-bitcode');
  const links = executedSteps(build).flatMap((step) => {
    const crate = crates.find(({ path }) => step.inputs.some((input) => isSamePath(input, path)));
    const path = step.outputs[0];
    return step.role === 'link' && crate && path !== undefined ? [{ step, path, crate: crate.path }] : [];
  });
  return Promise.all(links.map(async ({ step, path, crate }) => ({ step, crate, path, before: await artifacts.bitcode(crate), after: await artifacts.bitcode(path) })));
}

/** Attributes of functions that say how their code is hardened or instrumented, up to a `=`. */
const attributes = [
  'sanitize_address', 'sanitize_hwaddress', 'sanitize_memtag', 'shadowcallstack', 'fn_ret_thunk_extern', 'patchable-function-prefix',
  '+retpoline-external-thunk', '+retpoline-indirect-branches', '+retpoline-indirect-calls', '+harden-sls-ijmp', '+harden-sls-ret', '+reserve-x18',
];

/** The same, where modules have a flag for it too: that linking takes it is the claim `only-expected-suppressed`'s to report. */
const flagged = ['sign-return-address', 'branch-target-enforcement', 'guarded-control-stack'];

/** Flags of whole modules of which more is harder. */
const moduleFlags = new Set([
  'kcfi', 'kcfi-offset', 'kcfi-arity', 'cfi-normalize-integers', 'cf-protection-branch', 'cf-protection-return', ...flagged, 'sign-return-address-all',
  'function_return_thunk_extern', 'indirect_branch_cs_prefix',
]);

/** What C has of a configuration and Rust has not, by the attributes of which one shows it. */
const ofC: readonly (readonly [symbol: string, attributes: readonly string[]])[] = [
  ['KCSAN', ['sanitize_thread']],
  ['KMSAN', ['sanitize_memory']],
  ['STACKPROTECTOR', ['ssp', 'sspstrong', 'sspreq']],
  ['ZERO_CALL_USED_REGS', ['zero-call-used-regs']],
];

/**
 * Helpers are C, and what C code of the configuration has they must bring along into the crates; what all crates have
 * they must have too. One failure, as one command makes all of it.
 */
async function inspectHelper({ path, part }: Artifact, links: readonly Link[], build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const helper = await artifacts.bitcode(path);
  const own = links.filter(({ step }) => step.inputs.some((input) => isSamePath(input, path)));
  const crates = own.map(({ before }) => before).filter((before) => functionsOf(before).length > 0);
  const ofCrates = attributes.filter((name) => crates.length > 0 && crates.every((before) => isMostly(before, [name])) && !isMostly(helper, [name]));
  const lacking = ofC.filter(([symbol, names]) => build.config[symbol] === 'y' && !isMostly(helper, names)).map(([, [name = '']]) => name);
  const missing = [...ofCrates, ...lacking].sort();
  if (missing.length === 0) return [];
  const step = writerOf(build, path);
  const what = part === 'module' ? 'of modules' : 'of what is built in';
  const isNowhere = missing.every((name) => !functionsOf(helper).some((words) => hasAttribute(words, name)));
  return [{
    summary: `${path}: the helpers ${what} lack ${missing.join(', ')}`, key: ['helpers', ...missing], evidence: step ? [commandEvidence(step)] : [],
    ...(isNowhere ? { symptoms: [missing.map((name) => lacks({ kind: 'attribute', file: tidyPath(path), name }))] } : {}),
  }];
}

/** Attributes of functions that have a source; what compilers add has a dot in its name (`asan.module_ctor`). */
function functionsOf({ attributes: all }: BitcodeFacts): ReadonlySet<string>[] {
  return [...all].filter(([name]) => !name.includes('.')).map(([, words]) => words);
}

/** Whether more than half of the functions have one of the attributes: some are left out on purpose (`noinstr`). */
function isMostly(facts: BitcodeFacts, names: readonly string[]): boolean {
  const functions = functionsOf(facts);
  return functions.filter((words) => names.some((name) => hasAttribute(words, name))).length * 2 > functions.length;
}

function hasAttribute(words: ReadonlySet<string>, name: string): boolean {
  return words.has(name) || [...words].some((word) => word.startsWith(`${name}=`));
}

/** What a crate's functions had they keep, and so does the whole of it, but for flags of which the lesser of two counts. */
function inspectLink({ step, crate, path, before, after }: Link): Failure[] {
  const functions = [...attributes, ...flagged].flatMap((attribute) => {
    const lost = [...before.attributes].filter(([name, words]) => {
      const left = after.attributes.get(name);
      return left && hasAttribute(words, attribute) && !hasAttribute(left, attribute);
    });
    const evidence = lost.slice(0, 2).map(([name]): Evidence => ({ kind: 'symbol', where: path, text: name }));
    if (lost.length === 0) return [];
    const isGone = !functionsOf(after).some((words) => hasAttribute(words, attribute));
    const signs = [shows({ kind: 'attribute', file: tidyPath(crate), name: attribute }), lacks({ kind: 'attribute', file: tidyPath(path), name: attribute })];
    return [{
      summary: `${path}: ${lost.length} functions have lost ${attribute}`, key: ['attribute', attribute], evidence: [commandEvidence(step), ...evidence],
      ...(isGone ? { symptoms: [signs] } : {}),
    }];
  });
  const flags = before.flags.filter(({ behaviour, name, value }) => behaviour !== 8 && moduleFlags.has(name) && numberIn(value) > numberIn(after.flags.find((flag) => flag.name === name)?.value));
  return [...functions, ...flags.map(({ name, value }) => ({
    summary: `${path} has lost the flag ${name}`, key: ['flag', name], evidence: [commandEvidence(step)],
    symptoms: [[shows({ kind: 'flag', file: tidyPath(crate), name, value }), lacks({ kind: 'flag', file: tidyPath(path), name, value })]],
  }))];
}

/** `i32 2` */
function numberIn(value: string | undefined): number {
  return Number(/^i\d+ (\d+)$/.exec(value ?? '')?.[1] ?? 0);
}

/**
 * Crates below `rust/` that no helper is linked into are compiled by rustc alone, with the flags of the others: what is
 * true of all their code has to be true of all Rust code.
 */
async function inspectObjects(links: readonly Link[], build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const linkOf = ({ path }: Artifact) => links.find(({ step }) => isSamePath(step.target, path));
  const objects = artifactsOf(build, 'rust-object');
  const alone = await Promise.all(objects.filter((object) => !linkOf(object)).map(({ path }) => readObject(path, artifacts)));
  const promises = findPromises(alone.filter((object) => object !== null));
  const failures = objects.map(async (object) => {
    const link = linkOf(object);
    const found = link ? await readObject(object.path, artifacts) : null;
    if (!link || found === null) return [];
    // The crate's own functions: helpers have been seen to above, and assembly is hardened by hand.
    const compiled = { ...found, code: found.code.filter(({ name }) => link.before.attributes.has(name)) };
    return promises.flatMap((trait) => inspectTrait(trait, compiled, object.path, build));
  });
  return (await Promise.all(failures)).flat();
}

function inspectTrait({ name, count }: Trait, object: ObjectCode, path: string, build: Build): Failure[] {
  const { broken } = count(object);
  if (broken.length === 0) return [];
  const step = executedSteps(build).find(({ role, target }) => role === 'codegen' && isSamePath(target, path));
  const evidence = broken.slice(0, 2).map((text): Evidence => ({ kind: 'symbol', where: path, text }));
  return [
    {
      summary: `${path} is without ${name}, which rustc gives to all code`,
      key: ['object', name],
      evidence: [...evidence, ...(step ? [commandEvidence(step)] : [])],
    },
  ];
}

/**
 * What sanitizers add to a file (`asan.module_ctor`, `__hwasan_check_x0_2_short`) is hardened but in part, by rustc as by
 * clang. An object that is not ELF is the claim `elf-for-objtool`'s to report.
 */
async function readObject(path: string, artifacts: ArtifactReader): Promise<ObjectCode | null> {
  if ((await artifacts.format(path)) !== 'elf') return null;
  const code = (await artifacts.code(path)).filter(({ name }) => !/^(?:\w+\.module_[cd]tor|__hwasan_check_)/.test(name));
  return { elf: await artifacts.elf(path), code };
}
