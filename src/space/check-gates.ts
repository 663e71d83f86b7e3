import { type Arch, arches } from '../tree/records.ts';
import { type Place, UserError } from '../util/errors.ts';
import { archAxis, breakRule, formatRule, listGates, listNamed } from './gates.ts';
import { mentionedSymbols } from './requests.ts';
import type { GateRule, Space } from './schema.ts';
import { isSimulated } from './variants.ts';

/** Where an entry of the file stands. */
type PlaceOf = (path: readonly (string | number)[]) => Place;

/**
 * Gates speak of axes and values that are there, each rule can be broken, and nothing that only a model can show is in
 * a space whose candidates are built.
 *
 * @throws UserError `SPACE_DEPTH`, `SPACE_WISH`, `SPACE_GATE`, `SPACE_AXIS`
 */
export function checkGates(space: Space, placeOf: PlaceOf): void {
  for (const [axis, values] of Object.entries(space.axes)) {
    for (const [name, value] of Object.entries(values)) {
      const place = placeOf(['axes', axis, name]);
      if (isSimulated(value) && space.depth !== 'config') throw new UserError({ code: 'SPACE_DEPTH', message: `${axis}=${name} changes what Kconfig's commands say, and candidates that are built are built by the real tools`, place, hint: 'say depth: config' });
      const twice = Object.keys(value.wish ?? {}).find((symbol) => Object.hasOwn(value.set, symbol));
      if (twice !== undefined) throw new UserError({ code: 'SPACE_WISH', message: `${axis}=${name} both sets and wishes ${twice}`, place });
    }
  }
  if (space.gates === undefined) return;
  if (space.depth !== 'config') throw new UserError({ code: 'SPACE_DEPTH', message: 'gates are judged at the level of configurations', place: placeOf(['gates']), hint: 'say depth: config' });
  if (Object.hasOwn(space.axes, archAxis)) throw new UserError({ code: 'SPACE_GATE', message: `an axis cannot be called ${archAxis}: rules speak of the architecture by that name`, place: placeOf(['axes', archAxis]) });
  const asked = new Set((Object.keys(space.arches) as Arch[]).flatMap((arch) => [...mentionedSymbols({ ...space, gates: {} }, arch)]));
  for (const [symbol, rules] of listGates(space)) {
    if (asked.has(symbol)) throw new UserError({ code: 'SPACE_GATE', message: `${symbol} is judged: no pin and no axis may ask for it`, place: placeOf(['gates', symbol]) });
    for (const [index, rule] of rules.entries()) checkRule(space, rule, ['gates', symbol, index, rule.needs ? 'needs' : 'not'], placeOf);
  }
}

function checkRule(space: Space, rule: GateRule, path: readonly (string | number)[], placeOf: PlaceOf): void {
  for (const [axis, values] of listNamed(rule)) {
    const place = placeOf([...path, axis]);
    if (axis !== archAxis && !Object.hasOwn(space.axes, axis)) throw new UserError({ code: 'SPACE_AXIS', message: `there is no axis ${axis}`, place, hint: `there are: ${archAxis}, ${Object.keys(space.axes).join(', ')}` });
    const known: readonly string[] = axis === archAxis ? arches : Object.keys(space.axes[axis] ?? {});
    const stranger = values.find((value) => !known.includes(value));
    if (stranger !== undefined) throw new UserError({ code: 'SPACE_AXIS', message: `axis ${axis} has no value ${stranger}`, place, hint: `it has: ${known.join(', ')}` });
  }
  if ((Object.keys(space.arches) as Arch[]).some((arch) => breakRule(space, arch, rule).length > 0)) return;
  throw new UserError({ code: 'SPACE_GATE', message: `nothing that the space has breaks this rule: ${formatRule(rule)}`, place: placeOf(path), hint: 'give an axis a value that closes the gate' });
}
