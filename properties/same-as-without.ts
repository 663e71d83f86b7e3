import type { Build, Evidence, Failure, Look, Property, Sign } from '../src/property/contract.ts';
import { conclude } from '../src/property/judgement.ts';
import { normaliseMessage } from '../src/property/normalise.ts';
import { commandEvidence } from '../src/property/steps.ts';
import { excuseUnlessBuilt, executedSteps, isSamePath, requirePass } from '../src/property/subject.ts';
import { arePlain, onlyWith } from '../src/property/symptoms.ts';
import { readControl } from './without/control.ts';
import { compareBuilds, type Difference } from './without/differences.ts';
import { reasons } from './without/reasons.ts';
import { formatTrait, type Trait } from './without/traits.ts';

const property: Property = {
  name: 'same-as-without',
  claim: 'Rust objects, messages, and the commands of what is made either way differ from those of a build with the option off only for declared reasons, and objects of C not at all',
  needs: 'twin',
  judge: async (subject) => {
    const excuse = excuseUnlessBuilt(subject.build);
    if (excuse) return excuse;
    const twin = requirePass(subject, 'twin');
    if (twin.build.outcome.kind === 'failed') return conclude([twinFailure(twin.build.outcome)]);
    const control = await readControl(subject, twin);
    const differences = await compareBuilds(subject, twin);
    const unexplained = differences.filter((difference) => !reasons.some(({ explains }) => explains(difference, control)));
    return conclude(failuresOf(unexplained, differences, subject.build));
  },
};
export default property;

function twinFailure({ target, summary }: Extract<Build['outcome'], { kind: 'failed' }>): Failure {
  return {
    summary: `with the option off the build fails${target ? ` at ${target}` : ''}: ${summary}`,
    key: ['builds', normaliseMessage(summary)],
    evidence: [{ kind: 'log', where: target ?? 'the build', text: summary }],
    symptoms: [onlyWith('off', { kind: 'message', text: summary })],
  };
}

/** More names of one kind than this have one cause. */
const maxNames = 6;

/** One failure for each name, or for each kind where very many differ; one for all options of a tool, which one line gives or forgets together. */
function failuresOf(differences: readonly Difference[], all: readonly Difference[], build: Build): Failure[] {
  const options = differences.filter(({ kind }) => kind === 'option');
  const ofC = differences.filter(({ kind }) => kind === 'c-object');
  const others = differences.filter(({ kind }) => kind !== 'option' && kind !== 'c-object');
  return [...failuresOfNames(others, all, build), ...failureOfC(ofC), ...[...Map.groupBy(options, ({ name }) => name.split(' ', 1)[0] ?? '').values()].map((group) => failureOfOptions(group, all, build))];
}

function failuresOfNames(differences: readonly Difference[], all: readonly Difference[], build: Build): Failure[] {
  return [...Map.groupBy(differences, ({ kind, side }) => `${kind} ${side}`).values()].flatMap((group) => {
    const names = Map.groupBy(group, nameOf);
    if (names.size > maxNames) return [failureOf('many', group, all, build)];
    return [...names].map(([name, same]) => failureOf(name, same, all, build));
  });
}

/** `.modinfo` strings differ as wholes: two tags of one name are two things. A built-in part says of which file each is. */
function nameOf({ kind, path, name, as }: Difference): string {
  if (kind === 'modinfo') return as.replace(/^\w+\./, '');
  if (kind === 'relocation') return `${name} ${as.replace(/^R_(?:X86_64|AARCH64)_/, 'R_')}`;
  // Units are named after the object that they are in.
  if (kind === 'unit') return nameOfUnit(normaliseMessage(name), path);
  if (kind === 'note') return normaliseMessage(as);
  return normaliseMessage(name);
}

function nameOfUnit(name: string, path: string): string {
  const stem = path.replace(/^.*\//, '').replace(/\.o$/, '');
  return name.startsWith(`${stem}.`) ? `<object>${name.slice(stem.length)}` : name;
}

function failureOfOptions(group: readonly Difference[], all: readonly Difference[], build: Build): Failure {
  const names = [...new Set(group.map(nameOf))].sort();
  const failure = failureOf(names.join(', '), group, all, build);
  return { ...failure, summary: failure.summary.replace(/: only with the option \w+, in /, ': not the same with the option off, in '), key: ['option', ...(names.length > maxNames ? ['many'] : names)] };
}

/** One failure: a header that knows of the option shows wherever it is included. */
function failureOfC(group: readonly Difference[]): Failure[] {
  const paths = group.map(({ path }) => path);
  if (paths.length === 0) return [];
  const within = group.flatMap((difference) => difference.within ?? []);
  return [{
    summary: `${paths.length} objects of C are not the same with the option off: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ', …' : ''}`,
    key: ['c-object'],
    evidence: within.slice(0, 8).map(evidenceOf),
    symptoms: within.slice(0, 8).flatMap((difference) => symptomsOf(difference, within)),
  }];
}

function failureOf(name: string, group: readonly Difference[], all: readonly Difference[], build: Build): Failure {
  const [first] = group;
  const { kind, side, path } = first as Difference;
  const paths = [...new Set(group.map((difference) => difference.path))];
  const more = paths.length > 1 ? ` and in ${paths.length - 1} more` : '';
  const step = executedSteps(build).find(({ role, target }) => role === 'link' && isSamePath(target, path));
  return {
    summary: `${kind} ${name === 'many' ? `of ${group.length} names` : name}: only with the option ${side}, in ${path}${more}`,
    key: [kind, side, name],
    evidence: [...group.slice(0, 8).map(evidenceOf), ...(step ? [commandEvidence(step)] : [])],
    symptoms: group.flatMap((difference) => symptomsOf(difference, all)),
  };
}

const evidenceKinds: Partial<Record<Difference['kind'], Evidence['kind']>> = { section: 'section', relocation: 'section', modinfo: 'section', note: 'section', unit: 'section', object: 'file', tool: 'command', option: 'command', diagnostic: 'log' };

function evidenceOf(difference: Difference): Evidence {
  const { kind, side, path, as } = difference;
  const text = kind === 'diagnostic' || kind === 'object' || kind === 'tool' || kind === 'option' ? as : formatTrait(difference as Trait);
  return { kind: evidenceKinds[kind] ?? 'symbol', where: path, text: `only with the option ${side}: ${kind} ${text}` };
}

/** Of what differs in what the file says of it, and is there by its name on both sides, a name tells nothing. */
function symptomsOf(difference: Difference, all: readonly Difference[]): Sign[][] {
  const { kind, side, path, name } = difference;
  const isOnBoth = all.some((other) => other.kind === kind && other.side !== side && other.path === path && other.name === name);
  const look = isOnBoth ? null : lookFor(difference);
  return look === null ? [] : [onlyWith(side, look)];
}

function lookFor({ kind, path: file, name, as }: Difference): Look | null {
  switch (kind) {
    case 'undefined':
      return { kind: 'symbol', file, name, as: 'undefined' };
    case 'symbol':
      return { kind: 'symbol', file, name, as: 'global' };
    case 'local':
      return as === 'file' ? null : { kind: 'symbol', file, name, as: 'local' };
    case 'section':
      return { kind: 'section', file, name };
    case 'modinfo':
      return { kind: 'string', file, section: '.modinfo', text: as };
    case 'object':
      return { kind: 'file', file };
    case 'diagnostic':
      return { kind: 'message', text: as };
    case 'tool':
      return { kind: 'words', target: file, tool: name, words: '' };
    case 'option': {
      const [tool = '', ...words] = as.split(' ');
      return arePlain(words.join(' ')) ? { kind: 'words', target: file, tool, words: words.join(' ') } : null;
    }
    case 'relocation':
    case 'note':
    case 'unit':
    case 'c-object':
      return null;
  }
}
