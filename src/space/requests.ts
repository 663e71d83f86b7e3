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

/** What a space wants for some choices: pins first. `conflict`: two parts of the space want different things. */
export function listRequests(space: Space, arch: Arch, choices: Choices): { requests: Request[]; conflict: [Request, Request] | null } {
  const sources: [from: string, assignments: Record<string, string>][] = [
    ['pin', space.pins],
    [`pin of ${arch}`, space.arches[arch]?.pins ?? {}],
    ...Object.entries(choices).map(([axis, name]): [string, Record<string, string>] => [`${axis}=${name}`, space.axes[axis]?.[name]?.set ?? {}]),
  ];
  const requests = new Map<string, Request>();
  for (const [from, assignments] of sources) {
    for (const [symbol, value] of Object.entries(assignments)) {
      const other = requests.get(symbol);
      if (other !== undefined && other.value !== value) return { requests: [...requests.values()], conflict: [other, { symbol, value, from }] };
      requests.set(symbol, other ?? { symbol, value, from });
    }
  }
  return { requests: [...requests.values()], conflict: null };
}

/** All symbols that a space speaks of for an architecture. */
export function mentionedSymbols(space: Space, arch: Arch): Set<string> {
  const sets = Object.values(space.axes).flatMap((values) => Object.values(values).map(({ set }) => set));
  return new Set([space.pins, space.arches[arch]?.pins ?? {}, ...sets].flatMap((assignments) => Object.keys(assignments)));
}

/** Symbols that other values of an axis set and this one leaves open: they stay at their defaults. */
export function heldSymbols(space: Space, axis: string, name: string): string[] {
  const values = space.axes[axis] ?? {};
  const set = values[name]?.set ?? {};
  return [...new Set(Object.values(values).flatMap((value) => Object.keys(value.set).filter((symbol) => !Object.hasOwn(set, symbol))))];
}

/** Names of an axis's values that can be drawn for an architecture, as far as the space says. */
export function valuesFor(space: Space, axis: string, arch: Arch): string[] {
  return Object.entries(space.axes[axis] ?? {}).flatMap(([name, value]) => (value.arches.includes(arch) && value.weight > 0 ? [name] : []));
}

/** The space's own word against a combination, if it has one. */
export function findForbid(space: Space, choices: Choices): Space['forbid'][number] | null {
  return space.forbid.find(({ when }) => Object.entries(when).every(([axis, names]) => names.includes(choices[axis] ?? ''))) ?? null;
}
