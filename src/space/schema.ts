import * as v from 'valibot';
import { arches } from '../tree/records.ts';

/** YAML reads `64BIT: 1` as a number and `on` as text (YAML 1.2); all become the text of a `.config`. */
const value = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const assignments = v.record(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]+$/, 'a symbol is written without CONFIG_')), value);
const weight = v.pipe(v.number(), v.minValue(0));
const arch = v.picklist(arches);

const axisValue = v.strictObject({
  weight: v.optional(weight, 1),
  /** Where the value can be drawn; everywhere when left out. */
  arches: v.optional(v.array(arch), [...arches]),
  set: assignments,
});

/** The shape of a space file. */
export const spaceSchema = v.strictObject({
  space: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, 'a name is made of a-z, 0-9 and -')),
  description: v.string(),
  targets: v.array(v.string()),
  arches: v.pipe(
    v.record(arch, v.strictObject({ weight: v.pipe(v.number(), v.integer(), v.minValue(1)), pins: v.optional(assignments, {}) })),
    v.check((map) => Object.keys(map).length > 0, 'at least one architecture'),
  ),
  pins: v.optional(assignments, {}),
  axes: v.record(v.string(), v.record(v.string(), axisValue)),
  forbid: v.optional(
    v.array(v.strictObject({ when: v.record(v.string(), v.array(v.string())), reason: v.string() })),
    [],
  ),
});

/** What a campaign varies: axes with named values, pins, forbidden combinations, build targets. */
export type Space = v.InferOutput<typeof spaceSchema> & {
  /** Hash of the file's meaning; part of every seed. */
  hash: string;
};

export type AxisValue = v.InferOutput<typeof axisValue>;
