import type { Arch } from '../tree/records.ts';
import { type Choices, valuesFor } from './requests.ts';
import type { GateRule, Space } from './schema.ts';

/** The name under which a gate's rules speak of the architecture. */
export const archAxis = 'arch';

/** Symbols whose reachability is judged, with the rules that say where they can be `y`. */
export function listGates(space: Space): [symbol: string, rules: readonly GateRule[]][] {
  return Object.entries(space.gates ?? {});
}

/** What a rule lists, by axis. */
export function listNamed({ needs, not }: GateRule): [axis: string, values: readonly string[]][] {
  return Object.entries(needs ?? not ?? {});
}

export function isMet(rule: GateRule, arch: Arch, choices: Choices): boolean {
  const hasAll = listNamed(rule).every(([axis, values]) => values.includes((axis === archAxis ? arch : choices[axis]) ?? ''));
  return hasAll === (rule.needs !== undefined);
}

/** Rules that are not met: where there are none, the symbol can be `y`. */
export function unmetRules(rules: readonly GateRule[], arch: Arch, choices: Choices): GateRule[] {
  return rules.filter((rule) => !isMet(rule, arch, choices));
}

/** The fewest choices that break a rule on an architecture, each way to do so; none where the architecture meets it. */
export function breakRule(space: Space, arch: Arch, rule: GateRule): Choices[] {
  const values = (axis: string) => (axis === archAxis ? [arch] : valuesFor(space, axis, arch));
  const choose = (axis: string, value: string) => (axis === archAxis ? {} : { [axis]: value });
  if (rule.needs) return listNamed(rule).flatMap(([axis, listed]) => values(axis).filter((value) => !listed.includes(value)).map((value) => choose(axis, value)));
  return listNamed(rule).reduce<Choices[]>((rows, [axis, listed]) => {
    return rows.flatMap((row) => values(axis).filter((value) => listed.includes(value)).map((value) => ({ ...row, ...choose(axis, value) })));
  }, [{}]);
}

/** `needs arch=x86_64|arm64`, `rules out btf=on with lto=full|thin` */
export function formatRule(rule: GateRule): string {
  const named = listNamed(rule).map(([axis, values]) => `${axis}=${values.join('|')}`).join(' with ');
  return `${rule.needs ? 'needs' : 'rules out'} ${named}`;
}
