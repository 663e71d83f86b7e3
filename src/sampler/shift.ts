import type { ImpossibleReason } from './coverage.ts';
import type { Sampler } from './sampler.ts';
import { formatWhyNot } from '../space/possible.ts';
import { type Choices, valuesFor } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';

/**
 * What a space can have of a tree on one architecture, small enough to be kept: the values of each axis, and the
 * fewest choices that cannot be had. Any choices that hold such a set cannot be had either; all others of `strength`
 * axes can.
 */
export type Reach = { arch: Arch; strength: 2 | 3; axes: Record<string, string[]>; impossible: { choices: Choices; why: string }[] };

/** What has become of it. `impossible`: could be had before; `reachable`: could not, and why not. */
export type Shift = { arch: Arch; impossible: { choices: Choices; why: string }[]; reachable: { choices: Choices; why: string }[] };

/** @param reasons of all impossible tuples of an architecture */
export function measureReach({ space }: Sampler, arch: Arch, strength: 2 | 3, reasons: readonly Pick<ImpossibleReason, 'choices' | 'why'>[]): Reach {
  const axes = Object.fromEntries(Object.keys(space.axes).map((axis) => [axis, valuesFor(space, axis, arch)]));
  return { arch, strength, axes, impossible: reasons.map(({ choices, why }) => ({ choices, why: formatWhyNot(why) })) };
}

/**
 * Holds what can be had of two trees against each other, as far as both speak of it: a value that the space did not
 * have before is neither new nor gone, and triples are held against triples alone.
 */
export function compareReach(before: readonly Reach[], now: readonly Reach[]): Shift[] {
  return now.flatMap((reach) => {
    const earlier = before.find(({ arch }) => arch === reach.arch);
    if (earlier === undefined) return [];
    const impossible = reach.impossible.filter(({ choices }) => couldTell(earlier, choices) && canHave(earlier, choices));
    const reachable = earlier.impossible.filter(({ choices }) => couldTell(reach, choices) && canHave(reach, choices));
    return impossible.length + reachable.length > 0 ? [{ arch: reach.arch, impossible, reachable }] : [];
  });
}

function couldTell({ axes, strength }: Reach, choices: Choices): boolean {
  const entries = Object.entries(choices);
  return entries.length <= strength && entries.every(([axis, value]) => axes[axis]?.includes(value));
}

/** Whether none of the sets that cannot be had is part of these choices. */
export function canHave({ impossible }: Reach, choices: Choices): boolean {
  return !impossible.some((set) => Object.entries(set.choices).every(([axis, value]) => choices[axis] === value));
}
