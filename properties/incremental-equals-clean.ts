import { type Artifact, type Build, type Built, type Failure, otherFlag, type Property, type Sign, type Step } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { artifactsOf, cmdFileOf, excuseUnlessBuilt, executedSteps, isSamePath, keepOrigins, requirePass, tidyPath, writerOf } from '../src/property/subject.ts';
import { lacks } from '../src/property/symptoms.ts';

const property: Property = {
  name: 'incremental-equals-clean',
  claim: 'turned off, built, turned on and built again, an object tree holds the bitcode and the Rust objects of a clean build, and whatever has to be made anew is',
  needs: 'incremental',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    const rebuilt = requirePass(subject, 'incremental');
    if (rebuilt.build.outcome.kind === 'failed') return conclude([failedRebuild(rebuilt.build.outcome)]);
    const files = subject.build.artifacts.filter(({ kind }) => kinds.has(kind));
    const compared = await Promise.all(files.map((file) => compareFile(file, subject, rebuilt)));
    const changed = keepOrigins(compared.filter((file) => file !== null), subject.build);
    return conclude([...changed.map((file) => changeFailure(file, subject.build)), ...inspectHalfway(rebuilt.halfway), ...inspectHelpers(subject.build, rebuilt.build), ...inspectLinks(rebuilt.build, 'link'), ...inspectModules(rebuilt.modules), ...(await inspectDependencies(subject))]);
  },
};
export default property;

const kinds = new Set<Artifact['kind']>(['helper-bitcode', 'crate-bitcode', 'linked-bitcode', 'rust-object', 'exports']);

function failedRebuild({ target, summary }: Extract<Build['outcome'], { kind: 'failed' }>): Failure {
  return {
    summary: `rebuilding the object tree fails${target ? ` at ${target}` : ''}: ${summary}`,
    key: ['builds', normaliseMessage(summary)],
    evidence: [{ kind: 'log', where: target ?? 'the build', text: summary }],
    symptoms: (['toggled', 'recompiled-module', 'recompiled'] as const).map((of): Sign[] => [{ kind: 'message', text: summary, build: of, shows: true }]),
  };
}

/** A file that is not the same; `after` null where it is gone. */
type Changed = Artifact & { before: string | null; after: string | null };

async function compareFile(file: Artifact, clean: Built, rebuilt: Built): Promise<Changed | null> {
  const [before, after] = [await clean.artifacts.digest(file.path), await rebuilt.artifacts.digest(file.path)];
  return before === after ? null : { ...file, before, after };
}

function changeFailure({ path, kind, before, after }: Changed, build: Build): Failure {
  const step = writerOf(build, path);
  const text = `SHA-256 ${before ?? 'of nothing'} in the clean build, ${after ?? 'of nothing'} after the rebuild`;
  return {
    summary: `${path} is ${after === null ? 'gone' : 'another'} after the option was turned off and on again`,
    key: [kind, after === null ? 'gone' : 'stale'],
    evidence: [{ kind: 'file', where: path, text }, ...(step ? [commandEvidence(step)] : [])],
    symptoms: (['toggled', 'recompiled'] as const).map((of): Sign[] => [{ kind: 'same', file: path, build: of, shows: false }]),
  };
}

/** What is linked with helpers though the option is off was left from before. */
function inspectHalfway(halfway: Build | null): Failure[] {
  const links = halfway === null ? [] : executedSteps(halfway).filter(({ role }) => role === 'link');
  return staleFailure(links, 'linked with helpers still after the option was turned off', 'halfway');
}

/** Helpers whose flags have changed meanwhile are compiled again, by the command of the clean build. */
function inspectHelpers(clean: Build, rebuilt: Build): Failure[] {
  const commandOf = (build: Build, path: string) => writerOf(build, path)?.argv.join(' ');
  const stale = artifactsOf(clean, 'helper-bitcode').filter(({ path }) => commandOf(clean, path) !== commandOf(rebuilt, path));
  const lookFor = ({ target, tool }: Step): Sign => ({ kind: 'words', target, tool, words: otherFlag, build: 'recompiled', shows: true });
  return staleFailure(stale.flatMap(({ path }) => writerOf(rebuilt, path) ?? []), 'not compiled again after its flags have changed', 'flags', lookFor);
}

/** CFLAGS_MODULE is for users to give (Documentation/kbuild/kbuild.rst): what it changes is to reach all modules, the helpers in them too. */
function inspectModules(rebuilt: Build | null): Failure[] {
  return rebuilt === null ? [] : inspectLinks(rebuilt, 'link of modules');
}

/** What is linked with helpers is linked after these were compiled. */
function inspectLinks(rebuilt: Build, key: 'link' | 'link of modules'): Failure[] {
  const steps = executedSteps(rebuilt);
  const compiled = (step: Step) => steps.findLastIndex(({ role, outputs }) => role === 'helpers' && outputs.some((output) => step.inputs.some((input) => isSamePath(input, output))));
  const lookFor = ({ target, inputs }: Step): Sign | null => {
    const helpers = inputs.map(tidyPath).find((input) => steps.some(({ role, outputs }) => role === 'helpers' && outputs.some((output) => isSamePath(output, input))));
    return helpers === undefined ? null : { kind: 'newer', file: tidyPath(target), than: helpers, build: key === 'link' ? 'recompiled' : 'recompiled-module', shows: false };
  };
  return staleFailure(steps.filter((step, index) => step.role === 'link' && compiled(step) > index), `not linked again after its helpers were compiled again${key === 'link' ? '' : ', with flags that only modules have'}`, key, lookFor);
}

/** kbuild writes what a file was made of beside it; one that has no such list is made anew for another command alone, not for a header. */
async function inspectDependencies({ build, artifacts }: Built): Promise<Failure[]> {
  const made = build.artifacts.filter(({ kind }) => kind === 'helper-bitcode' || kind === 'rust-object');
  const read = await Promise.all(made.map(async ({ path }) => ({ path, text: await artifacts.text(cmdFileOf(path)) })));
  const listless = read.filter(({ text }) => text !== null && !/^deps_\S+ :=/m.test(text));
  return staleFailure(listless.flatMap(({ path }) => writerOf(build, path) ?? []), 'not made anew when what it includes changes: nothing lists that', 'dependencies', ({ target }) => lacks({ kind: 'text', file: cmdFileOf(tidyPath(target)), text: 'deps_' }));
}

function staleFailure(steps: readonly Step[], what: string, key: string, lookFor: (step: Step) => Sign | null = () => null): Failure[] {
  const [first] = steps;
  if (!first) return [];
  const more = steps.length > 1 ? ` (and ${steps.length - 1} more like it)` : '';
  return [{ summary: `${first.target} is ${what}${more}`, key: ['not-made-anew', key], evidence: steps.slice(0, 3).map(commandEvidence), symptoms: steps.slice(0, 8).flatMap((step) => lookFor(step) ?? []).map((sign) => [sign]) }];
}
