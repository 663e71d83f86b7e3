import type { ArtifactReader, RemainingCall } from '../src/artifact/reader.ts';
import type { Build, Failure, Property } from '../src/property/contract.ts';
import { type IsHelper, isLocal, recogniseHelpers } from '../src/property/helpers.ts';
import { conclude, notApplicable } from '../src/property/judgement.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, excuseUnlessBuilt, executedSteps, isInlining, isSamePath, writerOf } from '../src/property/subject.ts';
import { shows } from '../src/property/symptoms.ts';

/**
 * What is promised is that of `__rust_helper` (rust/helpers/helpers.c): `__always_inline`, since LLVM would decline
 * otherwise, over attributes in which C and Rust differ everywhere. So a call that remains is a promise not kept,
 * whatever the helper's size. It says nothing of what helpers call in turn: static inlines of headers that LLVM finds
 * too large are out of line in C objects too.
 *
 * A helper whose address is taken has to have one, and a recursive one cannot be inlined; what is left of either is a
 * copy, and no call from without counts as refused but those that LLVM could have inlined. A helper that were not marked
 * so, and that LLVM could inline but finds too large, would be out of line by right too.
 */
const property: Property = {
  name: 'helpers-inlined',
  claim: 'no Rust object calls a helper: each is inlined where it is used',
  judge: async ({ build, artifacts }) => {
    const excuse = excuseUnlessBuilt(build);
    if (excuse) return excuse;
    if (!isInlining(build)) return notApplicable('helpers are not inlined');
    const isHelper = await recogniseHelpers(build, artifacts);
    const calls = await Promise.all(artifactsOf(build, 'rust-object').map(({ path }) => findCalls(path, isHelper, build, artifacts)));
    const refused = calls.flat().filter(isRefused);
    const ofReasons = [...Map.groupBy(refused, explain).values()].flatMap((group) => inspectReason(group, build));
    return conclude([...(await inspectConventions(build, artifacts)), ...ofReasons]);
  },
};
export default property;

/**
 * Rust calls helpers as C does. A call that goes by another convention than its callee has no meaning: LLVM takes it away, with all that
 * follows. What is naked, of assembly alone, returns by itself, from its caller once it is inlined.
 */
async function inspectConventions(build: Build, artifacts: ArtifactReader): Promise<Failure[]> {
  const helpers = await Promise.all(artifactsOf(build, 'helper-bitcode').map(async ({ path }) => ({ path, facts: await artifacts.bitcode(path) })));
  const odd = helpers.flatMap(({ path, facts: { symbols, attributes } }) =>
    symbols.filter((symbol) => symbol.isDefined && !isLocal(symbol)).flatMap(({ name, convention }) => {
      const word = convention ?? (attributes.get(name)?.has('naked') ? 'naked' : null);
      return word === null ? [] : [{ path, name, convention: word }];
    }),
  );
  return [...Map.groupBy(odd, ({ name }) => name)].map(([name, group]) => ({
    summary: `${name} is not called as C calls (${group[0]?.convention ?? ''}), and Rust calls it as C does`,
    key: ['convention', name],
    evidence: group.flatMap(({ path, convention }) => [{ kind: 'symbol' as const, where: path, text: `${convention} ${name}` }, ...[writerOf(build, path)].flatMap((step) => (step ? [commandEvidence(step)] : []))]),
  }));
}

type Refused = RemainingCall & { path: string };

/**
 * Only a helper that has kept a copy of its own can be called; what the calls are is seen where code generation is
 * repeated. A copy for all to see is the claim `helpers-internal`'s to report, an object that is no ELF
 * `elf-for-objtool`'s.
 */
async function findCalls(path: string, isHelper: IsHelper, build: Build, artifacts: ArtifactReader): Promise<Refused[]> {
  if ((await artifacts.format(path)) !== 'elf') return [];
  const { symbols } = await artifacts.elf(path);
  const copies = symbols.filter(({ name, type, binding }) => type === 'Function' && binding === 'local' && isHelper(name));
  const step = executedSteps(build).findLast(({ role, outputs }) => role === 'codegen' && outputs.some((output) => isSamePath(output, path)));
  if (copies.length === 0 || !step) return [];
  const calls = await artifacts.remainingCalls(step, copies.map(({ name }) => name));
  return calls.map((call) => ({ ...call, path }));
}

function isRefused({ caller, callee, reason }: RemainingCall): boolean {
  return caller !== callee && !/^(?:recursive call|too costly to inline)/.test(reason ?? '');
}

/** LLVM does not so much as consider a call by another type than the function has, and so gives no reason. */
function explain({ reason, calledAs, definedAs }: RemainingCall): string {
  return reason ?? (calledAs === definedAs ? 'for no reason given' : 'called by another type');
}

/** A few helpers are as many defects; one that lets LLVM refuse many is told once. */
function inspectReason(calls: readonly Refused[], build: Build): Failure[] {
  const helpers = Map.groupBy(calls, ({ callee }) => callee);
  if (helpers.size > 3) return [describe(calls, 'many', `${helpers.size} helpers`, build)];
  return [...helpers].map(([helper, group]) => describe(group, helper, helper, build));
}

function describe(calls: readonly Refused[], what: string, told: string, build: Build): Failure {
  const paths = [...new Set(calls.map(({ path }) => path))];
  const reason = calls[0] ? explain(calls[0]) : '';
  const differences = [...new Set(calls.flatMap((call) => call.differences))];
  const details = reason === 'conflicting attributes' && differences.length > 0 ? ` (${differences.join(', ')})` : '';
  const steps = executedSteps(build).filter(({ role, outputs }) => role === 'codegen' && outputs.some((output) => paths.some((path) => isSamePath(path, output))));
  return {
    summary: `${told} not inlined in ${paths.slice(0, 3).join(', ')}: ${reason}${details}`,
    key: [reason, what],
    evidence: [
      ...calls.slice(0, 6).map(({ path, caller, callee, calledAs, definedAs }) => ({
        kind: 'symbol' as const,
        where: path,
        text: `${caller} calls ${callee}, as ${calledAs}${calledAs === definedAs ? '' : `; it is ${definedAs}`}`,
      })),
      ...steps.slice(0, 2).map(commandEvidence),
    ],
    // A copy of its own is kept for those who call it.
    symptoms: calls.map(({ path, callee }) => [shows({ kind: 'symbol', file: path, name: callee, as: 'local' })]),
  };
}
