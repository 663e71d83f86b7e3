import type { Arch } from '../tree/records.ts';
import type { Space } from './schema.ts';

/** One assignment that a space asks for, and why: a pin, or `axis=value`. */
export type Request = { symbol: string; value: string; from: string };

/** Axis to the name of one of its values. */
export type Choices = Readonly<Record<string, string>>;

/** Some axes with a value each; what a covering run is about. */
export type Tuple = readonly (readonly [axis: string, value: string])[];

/** One name for a tuple, whatever the order of its axes. */
export function nameTuple(tuple: Tuple): string {
  if (tuple.length === 2) {
    const [[one, value], [other, otherValue]] = tuple as [readonly [string, string], readonly [string, string]];
    return one < other ? `${one}=${value} ${other}=${otherValue}` : `${other}=${otherValue} ${one}=${value}`;
  }
  return tuple.map(([axis, value]) => `${axis}=${value}`).sort().join(' ');
}

/** `wishes`: asked for beside the requests, and not insisted on. `conflict`: two parts of the space want different things. */
export type Wanted = { requests: Request[]; wishes: Request[]; conflict: [Request, Request] | null };

/** What a space wants for some choices: pins first. The symbols that are judged are the first of the wishes. */
export function listRequests(space: Space, arch: Arch, choices: Choices): Wanted {
  const sources: [from: string, assignments: Record<string, string>][] = [
    ['pin', space.pins],
    [`pin of ${arch}`, space.arches[arch]?.pins ?? {}],
    ...Object.entries(choices).map(([axis, name]): [string, Record<string, string>] => [`${axis}=${name}`, space.axes[axis]?.[name]?.set ?? {}]),
  ];
  const requests = new Map<string, Request>();
  for (const [from, assignments] of sources) {
    for (const [symbol, value] of Object.entries(assignments)) {
      const other = requests.get(symbol);
      if (other !== undefined && other.value !== value) return { requests: [...requests.values()], wishes: [], conflict: [other, { symbol, value, from }] };
      requests.set(symbol, other ?? { symbol, value, from });
    }
  }
  const wishes = listWishes(space, choices).filter(({ symbol }) => !requests.has(symbol));
  return { requests: [...requests.values()], wishes, conflict: null };
}

function listWishes(space: Space, choices: Choices): Request[] {
  const gates = Object.keys(space.gates ?? {}).map((symbol): Request => ({ symbol, value: 'y', from: 'gate' }));
  return [...gates, ...Object.entries(choices).flatMap(([axis, name]) => Object.entries(space.axes[axis]?.[name]?.wish ?? {}).map(([symbol, value]): Request => ({ symbol, value, from: `${axis}=${name}` })))];
}

/** All symbols that a space speaks of for an architecture. */
export function mentionedSymbols(space: Space, arch: Arch): Set<string> {
  return new Set([...listAssignments(space, arch).map(([symbol]) => symbol), ...Object.keys(space.gates ?? {})]);
}

/** All values that a space asks for on an architecture, as a configuration spells them, by symbol. */
export function mentionedValues(space: Space, arch: Arch): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [symbol, value] of listAssignments(space, arch)) found.set(symbol, (found.get(symbol) ?? new Set()).add(value));
  return found;
}

function listAssignments(space: Space, arch: Arch): [symbol: string, value: string][] {
  const sets = Object.values(space.axes).flatMap((values) => Object.values(values).flatMap(({ set, wish = {} }) => [set, wish]));
  return [space.pins, space.arches[arch]?.pins ?? {}, ...sets].flatMap((assignments) => Object.entries(assignments));
}

/** Symbols that other values of an axis speak of and this one leaves open: they stay at their defaults. */
export function heldSymbols(space: Space, axis: string, name: string): string[] {
  const values = space.axes[axis] ?? {};
  const own = { ...values[name]?.set, ...values[name]?.wish };
  return [...new Set(Object.values(values).flatMap(({ set, wish = {} }) => Object.keys({ ...set, ...wish }).filter((symbol) => !Object.hasOwn(own, symbol))))];
}

/** Names of an axis's values that can be drawn for an architecture, as far as the space says. */
export function valuesFor(space: Space, axis: string, arch: Arch): string[] {
  return Object.entries(space.axes[axis] ?? {}).flatMap(([name, value]) => (value.arches.includes(arch) && value.weight > 0 ? [name] : []));
}

/** The space's own word against a combination, if it has one. */
export function findForbid(space: Space, choices: Choices): Space['forbid'][number] | null {
  return space.forbid.find(({ when }) => Object.entries(when).every(([axis, names]) => names.includes(choices[axis] ?? ''))) ?? null;
}
