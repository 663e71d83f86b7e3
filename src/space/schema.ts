import * as v from 'valibot';
import { arches } from '../tree/records.ts';

/** YAML reads `64BIT: 1` as a number and `on` as text (YAML 1.2); all become the text of a `.config`. */
const value = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const symbolName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]+$/, 'a symbol is written without CONFIG_'));
const assignments = v.record(symbolName, value);
const weight = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000));
const arch = v.picklist(arches);

const axisValue = v.strictObject({
  weight: v.optional(weight, 1),
  /** Where the value can be drawn; everywhere when left out. */
  arches: v.optional(v.array(arch), [...arches]),
  set: v.optional(assignments, {}),
  /** Asked for as well, and not insisted on: other axes may take it away. */
  wish: v.optional(assignments),
  /** What Kconfig's shell commands print instead, by a text that they contain: another compiler, without having it. */
  probes: v.optional(v.record(v.pipe(v.string(), v.minLength(1, 'a part of a command')), value)),
  /** Variables in the place of those that `make` gives to Kconfig. */
  environment: v.optional(v.record(symbolName, value)),
  /** The architecture whose Kconfig is read instead, by the name that `make ARCH=` takes. */
  kernel: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9_]+$/, 'an architecture, as make ARCH= takes it'))),
});

const names = v.array(v.string());

const values = v.pipe(v.record(v.string(), names), v.check((axes) => Object.keys(axes).length > 0, 'at least one axis'));

/**
 * A symbol that can be `y` exactly where all its rules are met: `needs`, where each axis has one of the values listed,
 * and `not`, unless all axes have one of theirs. The architecture counts as an axis `arch`.
 */
const gate = v.pipe(
  v.array(v.pipe(
    v.strictObject({ needs: v.optional(values), not: v.optional(values), reason: v.string() }),
    v.check(({ needs, not }) => (needs === undefined) !== (not === undefined), 'a rule has either needs or not'),
  )),
  v.minLength(1, 'at least one rule'),
);

const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/**
 * Options outside the axes, drawn at random: those that the pipeline's sources mention. Each candidate takes one of the
 * densities, the probability with which each of them is asked for; 0 leaves all at their defaults.
 */
const fill = v.strictObject({
  densities: v.pipe(v.array(probability), v.minLength(1, 'at least one density')),
  except: v.optional(v.array(symbolName), []),
});

/** The shape of a space file. */
export const spaceSchema = v.strictObject({
  space: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, 'a name is made of a-z, 0-9 and -')),
  description: v.string(),
  /** `config`: candidates are resolved and not built. */
  depth: v.optional(v.picklist(['config', 'objects']), 'objects'),
  /** What `make` is asked for. */
  targets: names,
  /** Names of files under `properties/`; all of them when left out. */
  properties: v.optional(v.nullable(names), null),
  arches: v.pipe(
    v.record(arch, v.strictObject({ weight: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1000)), pins: v.optional(assignments, {}) })),
    v.check((map) => Object.keys(map).length > 0, 'at least one architecture'),
  ),
  pins: v.optional(assignments, {}),
  axes: v.record(v.string(), v.record(v.string(), axisValue)),
  forbid: v.optional(v.array(v.strictObject({ when: v.record(v.string(), names), reason: v.string() })), []),
  /** Axes whose combinations matter more than those of others: covered to this strength, whatever the run's is. */
  groups: v.optional(v.array(v.strictObject({ axes: v.pipe(names, v.minLength(2, 'at least two axes')), strength: v.picklist([2, 3]) })), []),
  fill: v.optional(fill, { densities: [0] }),
  /** What is judged where `depth` is `config`. */
  gates: v.optional(v.record(symbolName, gate)),
});

/** What a campaign varies: axes with named values, pins, forbidden combinations, build targets. */
export type Space = v.InferOutput<typeof spaceSchema> & {
  /** Hash of the file's meaning, and of what draws candidates from it; part of every seed. */
  hash: string;
};

export type AxisValue = v.InferOutput<typeof axisValue>;
export type GateRule = v.InferOutput<typeof gate>[number];
