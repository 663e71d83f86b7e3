import * as v from 'valibot';
import { passNames, type Sign, signBuilds } from '../property/contract.ts';
import { arches } from '../tree/records.ts';

const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits are wanted'));
const assignment = v.strictObject({ symbol: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_]+$/, 'a symbol is written without CONFIG_')), value: v.string() });
const evidence = v.strictObject({ kind: v.picklist(['command', 'symbol', 'section', 'file', 'log']), where: v.string(), text: v.string() });

const when = { build: v.picklist(signBuilds), shows: v.boolean() };
const file = v.pipe(v.string(), v.nonEmpty());
const sign: v.GenericSchema<Sign> = v.variant('kind', [
  v.strictObject({ kind: v.literal('message'), text: v.string(), ...when }),
  v.strictObject({ kind: v.literal('string'), file, section: v.string(), text: v.string(), ...when }),
  v.strictObject({ kind: v.literal('symbol'), file, name: v.string(), as: v.picklist(['undefined', 'local', 'global', 'weak', 'any']), ...when }),
  v.strictObject({ kind: v.literal('section'), file, name: v.string(), ...when }),
  v.strictObject({ kind: v.literal('words'), target: file, tool: v.string(), words: v.string(), ...when }),
  v.strictObject({ kind: v.literal('text'), file, text: v.string(), ...when }),
  v.strictObject({ kind: v.literal('unit-of-c'), file, ...when }),
  v.strictObject({ kind: v.literal('attribute'), file, name: v.string(), ...when }),
  v.strictObject({ kind: v.literal('flag'), file, name: v.string(), value: v.string(), ...when }),
  v.strictObject({ kind: v.literal('warning'), target: file, tool: v.picklist(['llvm-link', 'clang']), text: v.string(), ...when }),
  v.strictObject({ kind: v.literal('ignored'), file, ...when }),
  v.strictObject({ kind: v.literal('elf'), file, ...when }),
  v.strictObject({ kind: v.literal('file'), file, ...when }),
  v.strictObject({ kind: v.literal('same'), file, ...when }),
  v.strictObject({ kind: v.literal('newer'), file, than: file, ...when }),
]);
const symptoms = v.array(v.array(sign));

/** What a search made of a finding; the fragment itself is `minimal.config` beside the record. */
const minimized = v.strictObject({
  /** The assignments that everything stands on: they alone do not fail, unless `causes` is empty. */
  base: v.array(assignment),
  /** The assignments beside these that it takes. `before`: the base's value; `without`: what becomes of the failure if it is left out. */
  causes: v.array(v.strictObject({ ...assignment.entries, before: v.string(), place: v.nullable(v.string()), without: v.picklist(['fails', 'passes', 'hidden', 'unknown']) })),
  /** Whether the failure was seen to be gone without any one of the causes. */
  isMinimal: v.boolean(),
  /** Whether two clean builds of the fragment showed it. */
  isConfirmed: v.boolean(),
  /** How many assignments there were to choose from, and how many configurations were built. */
  elements: v.number(),
  trials: v.number(),
  /** How it shows there; null where no build of the fragment showed it. */
  evidence: v.nullable(v.array(evidence)),
  symptoms: v.nullable(symptoms),
});

/** `finding.json` in the folder of a finding: all that is known of one failure of a run, whole without the run. */
export const findingSchema = v.strictObject({
  kind: v.literal('finding'),
  version: v.literal(1),
  signature: v.string(),
  property: v.string(),
  /** The property's claim, in one sentence. */
  claim: v.string(),
  summary: v.string(),
  evidence: v.array(evidence),
  symptoms,
  arch: v.picklist(arches),
  /** What replays it: `kinfuzz repro SEED`. */
  seed: v.string(),
  /** The candidate's number in its run. */
  index: v.number(),
  space: v.strictObject({ name: v.string(), hash: v.string(), /** The file or name that the user gave. */ source: v.string() }),
  passes: v.array(v.picklist(passNames)),
  tree: v.strictObject({ kind: v.picklist(['embedded', 'kernel']), spec: v.string(), version: v.nullable(v.string()), fingerprint: hash }),
  /** `tools`: the version line of each. */
  toolchain: v.strictObject({ kind: v.string(), fingerprint: hash, tools: v.record(v.string(), v.string()) }),
  targets: v.array(v.string()),
  /** SHA-256 of the resolved configuration: the file `config` beside this one. */
  config: hash,
  /** Whether the kernel's own conf gave this configuration too. */
  resolution: v.picklist(['certified', 'trusted', 'front-end-mismatch']),
  /** Values of the configuration that matter: those of which the space speaks. */
  required: v.array(assignment),
  choices: v.record(v.string(), v.string()),
  minimized: v.nullable(minimized),
});

export type FindingRecord = v.InferOutput<typeof findingSchema>;

/** Names of the files in a finding's folder, `RUN/findings/PROPERTY-HASH/`. */
export const findingFiles = {
  record: 'finding.json', config: 'config', minimal: 'minimal.config', log: 'log.txt', commands: 'commands.sh', script: 'reproduce.sh', report: 'REPORT.md',
} as const;

/** `same-as-without:1a2b3c4d` → `same-as-without-1a2b3c4d` */
export function nameFinding(signature: string): string {
  return signature.replace(':', '-');
}

/** @throws v.ValiError where the text is no record of a finding; SyntaxError where it is no JSON */
export function parseFinding(text: string): FindingRecord {
  return v.parse(findingSchema, JSON.parse(text));
}
