import { passNames } from '../property/contract.ts';
import { type Case, type CaseState, caseStates, identityOf, type Sighting } from './cases.ts';

/**
 * All cases of two corpora. The same case, whatever its name, is one and has what either knew. Different ones of one name stay
 * apart: those of `others` give way and get a part of their identity into their name.
 */
export function mergeCases(own: readonly Case[], others: readonly Case[]): Case[] {
  const joined = new Map<string, Case>();
  for (const one of [...own, ...others]) {
    const identity = identityOf(one);
    const known = joined.get(identity);
    joined.set(identity, known ? joinCases(known, one) : one);
  }
  const taken = new Map<string, string>();
  for (const [identity, one] of joined) {
    const name = freeName(one.name, identity, taken);
    taken.set(name, identity);
    joined.set(identity, { ...one, name });
  }
  return sortByName([...joined.values()]);
}

export function sortByName(cases: readonly Case[]): Case[] {
  return [...cases].sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** A name that nothing else has. */
export function freeName(wanted: string, identity: string, taken: { has: (name: string) => boolean }): string {
  for (let name = wanted, digits = 4; ; digits += 1) {
    if (!taken.has(name)) return name;
    name = `${wanted}-${identity.slice(0, digits)}`;
  }
}

/** Two records of the same case as one; the name is the first one's. */
export function joinCases(one: Case, other: Case): Case {
  const seen = uniteSightings([...one.seen, ...other.seen]);
  const hasFailed = new Set(seen.map(placeOf));
  const note = joinNotes(one.note, other.note);
  const { note: _, ...rest } = one;
  return {
    ...rest,
    state: laterState(one.state, other.state),
    passes: passNames.filter((pass) => one.passes.includes(pass) || other.passes.includes(pass)),
    assignments: least(one.assignments, other.assignments),
    seen,
    gone: uniteSightings([...one.gone, ...other.gone]).filter((sighting) => !hasFailed.has(placeOf(sighting))),
    ...(note === undefined ? {} : { note }),
    links: [...new Set([...one.links, ...other.links])].sort(),
  };
}

/** A case that was seen once more; what was found of the same tree and toolchain before counts no longer. */
export function addSighting(one: Case, where: 'seen' | 'gone', sighting: Sighting): Case {
  const place = placeOf(sighting);
  const isElsewhere = (other: Sighting) => placeOf(other) !== place;
  const other = where === 'seen' ? 'gone' : 'seen';
  return { ...one, [where]: uniteSightings([...one[where], sighting]), [other]: one[other].filter(isElsewhere) };
}

/** One a tree and toolchain; of several seeds any will do. */
function uniteSightings(all: readonly Sighting[]): Sighting[] {
  const found = new Map<string, Sighting>();
  for (const sighting of all) {
    const place = placeOf(sighting);
    const seeds = [found.get(place)?.seed, sighting.seed].filter((seed) => seed !== undefined).sort();
    const { seed: _, ...rest } = sighting;
    found.set(place, seeds[0] === undefined ? rest : { ...rest, seed: seeds[0] });
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, sighting]) => sighting);
}

function placeOf({ tree, version, fingerprint, toolchain, clang, rustc }: Sighting): string {
  return JSON.stringify([tree, version ?? '', fingerprint, toolchain, clang ?? '', rustc ?? '']);
}

/** A case goes from open over known and wontfix to fixed. */
function laterState(one: CaseState, other: CaseState): CaseState {
  return caseStates[Math.max(caseStates.indexOf(one), caseStates.indexOf(other))] ?? one;
}

/** Paragraphs of both, each once. */
function joinNotes(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  const paragraphs = [one, other].flatMap((note) => note.split(/\n{2,}/)).map((text) => text.trim()).filter((text) => text !== '');
  return `${[...new Set(paragraphs)].sort().join('\n\n')}\n`;
}

function least(one: string, other: string): string {
  return one < other ? one : other;
}
