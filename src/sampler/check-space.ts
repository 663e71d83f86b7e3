import type { LoadedSpace } from '../space/load.ts';
import { formatWhyNot, type WhyNot } from '../space/possible.ts';
import { valuesFor } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';
import { UserError } from '../util/errors.ts';
import type { Drawer } from './drawer.ts';
import type { Sampler } from './sampler.ts';

/**
 * Refuses a space that cannot give what it speaks of, before anything is built.
 *
 * @throws UserError `SPACE_IMPOSSIBLE` where the pins contradict each other on an architecture, `SPACE_AXIS_IMPOSSIBLE`
 *   where an axis has no value there, or a value is possible nowhere; `SPACE_PROBE` where a value simulates nothing
 */
export function checkSpace(sampler: Sampler, { space, placeOf }: LoadedSpace): void {
  for (const [axis, values] of Object.entries(space.axes)) {
    for (const [arch, { possibilities }] of drawersOf(sampler)) {
      if (valuesFor(possibilities.space, axis, arch).length === 0) throw new UserError({ code: 'SPACE_AXIS_IMPOSSIBLE', message: `axis ${axis} has no value on ${arch}: the space allows it none`, place: placeOf(['axes', axis]) });
    }
    for (const [name, { arches }] of Object.entries(values)) {
      if (!arches.some((arch) => Object.hasOwn(space.arches, arch))) throw new UserError({ code: 'SPACE_AXIS_IMPOSSIBLE', message: `${axis}=${name} is for ${arches.join(', ') || 'no architecture'}, of which the space has none`, place: placeOf(['axes', axis, name]) });
    }
  }
  for (const [, { possibilities }] of drawersOf(sampler)) {
    if (possibilities.isPossibleAlone({})) continue;
    throw new UserError({ code: 'SPACE_IMPOSSIBLE', message: `on ${possibilities.arch} the pins cannot all be had: ${formatWhyNot(possibilities.whyNot({}))}`, place: placeOf(['pins']) });
  }
  for (const [axis, values] of Object.entries(space.axes)) {
    const refused = new Map<string, WhyNot>();
    const reached = new Set<string>();
    for (const [arch, { possibilities }] of drawersOf(sampler)) {
      const names = valuesFor(possibilities.space, axis, arch);
      const possible = names.filter((name) => possibilities.isPossibleAlone({ [axis]: name }));
      for (const name of possible) reached.add(name);
      for (const name of names) if (!possible.includes(name)) refused.set(name, possibilities.whyNot({ [axis]: name }));
      if (possible.length > 0) continue;
      const why = names.map((name) => `${name}: ${formatWhyNot(refused.get(name) as WhyNot)}`).join('; ');
      throw new UserError({ code: 'SPACE_AXIS_IMPOSSIBLE', message: `axis ${axis} has no value on ${arch}: ${why}`, place: placeOf(['axes', axis]) });
    }
    for (const [name, why] of refused) {
      if (reached.has(name) || !isWhole(sampler, values[name]?.arches ?? [])) continue;
      throw new UserError({ code: 'SPACE_AXIS_IMPOSSIBLE', message: `nothing can have ${axis}=${name}: ${formatWhyNot(why)}`, place: placeOf(['axes', axis, name]), hint: 'take the value out, or the pin that is in its way' });
    }
  }
  checkRows(sampler, { space, placeOf });
  requireSimulated(sampler, placeOf);
}

/** Each value is part of a whole candidate somewhere, and each architecture has candidates. */
function checkRows(sampler: Sampler, { space, placeOf }: LoadedSpace): void {
  for (const { possibilities } of drawersOf(sampler).map(([, drawer]) => drawer)) {
    if (possibilities.isPossible({})) continue;
    throw new UserError({ code: 'SPACE_IMPOSSIBLE', message: `on ${possibilities.arch} no values of the axes go together: ${formatWhyNot(possibilities.whyNot({}))}`, place: placeOf(['axes']) });
  }
  for (const [axis, values] of Object.entries(space.axes)) {
    for (const [name, { arches }] of Object.entries(values)) {
      const drawers = drawersOf(sampler).filter(([arch, { possibilities }]) => valuesFor(possibilities.space, axis, arch).includes(name));
      if (drawers.length === 0 || !isWhole(sampler, arches) || drawers.some(([, { possibilities }]) => possibilities.isPossible({ [axis]: name }))) continue;
      const [[, { possibilities }]] = drawers as [(typeof drawers)[0]];
      throw new UserError({ code: 'SPACE_AXIS_IMPOSSIBLE', message: `no candidate has ${axis}=${name}: ${formatWhyNot(possibilities.whyNot({ [axis]: name }))}`, place: placeOf(['axes', axis, name]) });
    }
  }
}

/** The drawers of all models, with their architectures. */
function drawersOf({ models }: Sampler): [Arch, Drawer][] {
  return [...models].flatMap(([arch, own]) => own.map(({ drawer }): [Arch, Drawer] => [arch, drawer]));
}

/** A text that no command contains, or a variable that nobody reads, would simulate nothing. */
function requireSimulated({ space, models }: Sampler, placeOf: LoadedSpace['placeOf']): void {
  for (const [arch, own] of models) {
    for (const { variant, overridden } of own) {
      for (const [axis, name] of Object.entries(variant.choices)) {
        const { probes = {}, environment = {} } = space.axes[axis]?.[name] ?? {};
        const wanted = [...Object.keys(probes), ...Object.keys(environment)];
        if (wanted.length === 0 || wanted.some((text) => overridden.has(text))) continue;
        throw new UserError({ code: 'SPACE_PROBE', message: `${axis}=${name} simulates nothing on ${arch}: the tree's Kconfig asks for none of ${wanted.join(', ')}`, place: placeOf(['axes', axis, name]) });
      }
    }
  }
}

/** Whether the sampler knows all architectures that a value is for: else it may be possible elsewhere. */
function isWhole({ space, drawers }: Sampler, arches: readonly string[]): boolean {
  return Object.keys(space.arches).every((arch) => !arches.includes(arch) || [...drawers.keys()].some((known) => known === arch));
}
