import { noOverrides, type Overrides } from '../kconfig/overrides.ts';
import type { Arch } from '../tree/records.ts';
import { type Choices, findForbid, valuesFor } from './requests.ts';
import type { AxisValue, Space } from './schema.ts';

/**
 * What one model can show of a space: the values of its simulated axes are fixed. `space` has these values alone to
 * draw from; `kernel` is the architecture whose Kconfig is read.
 */
export type Variant = { space: Space; choices: Choices; weight: number; overrides: Overrides; kernel: string };

/** Axes of which a value changes what Kconfig's commands print, its variables, or the architecture that is read. */
export function simulatedAxes(space: Space): string[] {
  return Object.keys(space.axes).filter((axis) => Object.values(space.axes[axis] ?? {}).some(isSimulated));
}

export function isSimulated({ probes, environment, kernel }: AxisValue): boolean {
  return probes !== undefined || environment !== undefined || kernel !== undefined;
}

/** Each model that the space takes on an architecture; one, with the space as it is, where nothing is simulated. */
export function listVariants(space: Space, arch: Arch): Variant[] {
  const axes = simulatedAxes(space);
  if (axes.length === 0) return [{ space, choices: {}, weight: 1, overrides: noOverrides, kernel: arch }];
  return multiply(axes.map((axis) => valuesFor(space, axis, arch).map((name) => [axis, name] as const)))
    .map((entries) => Object.fromEntries(entries))
    .filter((choices) => findForbid(space, choices) === null)
    .map((choices) => fix(space, arch, choices));
}

/** Whether a candidate with these choices is of the variant. */
export function isOf(variant: Pick<Variant, 'choices'>, choices: Choices): boolean {
  return Object.entries(variant.choices).every(([axis, name]) => choices[axis] === name);
}

function fix(space: Space, arch: Arch, choices: Choices): Variant {
  const axes = { ...space.axes };
  const variant = { choices, weight: 1, overrides: noOverrides, kernel: arch as string };
  for (const [axis, name] of Object.entries(choices)) {
    const values = space.axes[axis] ?? {};
    const { weight = 0, probes = {}, environment = {}, kernel = variant.kernel } = values[name] ?? {};
    const { overrides } = variant;
    variant.weight *= weight;
    variant.overrides = { ...overrides, probes: { ...overrides.probes, ...probes }, environment: { ...overrides.environment, ...environment } };
    variant.kernel = kernel;
    axes[axis] = Object.fromEntries(Object.entries(values).map(([other, value]) => [other, other === name ? value : { ...value, weight: 0 }]));
  }
  return { ...variant, space: { ...space, axes } };
}

function multiply<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}
