import { join } from 'node:path';
import * as v from 'valibot';
import { stringify } from 'yaml';
import { passNames } from '../property/contract.ts';
import type { Choices } from '../space/requests.ts';
import { arches } from '../tree/records.ts';
import { readTextIfAny, writeAtomic } from '../util/files.ts';
import { withLock } from '../util/lock.ts';
import { parseYaml } from '../util/yaml.ts';
import { assignmentsSchema } from './cases.ts';

const names = v.pipe(v.string(), v.transform((text) => text.split(/\s+/).filter((name) => name !== '')));

const passingSchema = v.strictObject({
  arch: v.picklist(arches),
  space: v.string(),
  passes: v.optional(v.array(v.picklist(passNames)), []),
  assignments: v.optional(assignmentsSchema, ''),
  /** Axis to the name of its value, of the space as it was. */
  choices: v.record(v.string(), v.string()),
  /** Options that its Rust objects and helpers depend on, as far as none before it had them. */
  dependencies: v.optional(names, ''),
});
const fileSchema = v.strictObject({ configs: v.array(passingSchema) });

/** A configuration that passed, and was the first to have something. */
export type Passing = v.InferOutput<typeof passingSchema>;

/** As many are kept. */
export const mostPassing = 100;

/** Below a corpus directory. */
export const passingFile = 'passing.yaml';

/** The configurations in the order in which they were kept. @throws UserError `PASSING_SYNTAX`, `PASSING_SHAPE` with file, line and column */
export async function loadPassing(corpus: string): Promise<Passing[]> {
  const file = join(corpus, passingFile);
  const text = await readTextIfAny(file);
  return text === null ? [] : parsePassing(text, file);
}

export function parsePassing(text: string, file: string): Passing[] {
  return parseYaml(text, file, fileSchema, 'PASSING').value.configs;
}

export function formatPassing(configs: readonly Passing[]): string {
  const entries = configs.map(({ dependencies, passes, ...rest }) => ({ ...rest, ...(passes.length > 0 ? { passes } : {}), ...(dependencies.length > 0 ? { dependencies: dependencies.join(' ') } : {}) }));
  return `# Configurations that passed and were the first to have a pair of values or a dependency. Kept by kinfuzz.\n${stringify({ configs: entries }, { lineWidth: 120 })}`;
}

/** Changes what a corpus has kept; no other process does meanwhile. */
export async function updatePassing(corpus: string, change: (kept: readonly Passing[]) => readonly Passing[]): Promise<void> {
  await withLock(join(corpus, '.lock'), async () => {
    const kept = await loadPassing(corpus);
    const text = formatPassing(change(kept));
    if (text !== formatPassing(kept)) await writeAtomic(join(corpus, passingFile), text);
  });
}

/**
 * Keeps what is the first to have something, and at most so many: whichever has least that no other one has goes first, and
 * of equals the oldest.
 */
export function keepPassing(kept: readonly Passing[], offered: readonly Passing[], most: number): Passing[] {
  const now = [...kept];
  for (const one of offered) {
    const met = new Set(now.flatMap(itemsOf));
    const dependencies = one.dependencies.filter((name) => !met.has(itemOfDependency(one, name)));
    if (dependencies.length > 0 || pairsOf(one).some((pair) => !met.has(pair))) now.push({ ...one, dependencies });
  }
  while (now.length > most) now.splice(indexOfLeast(now), 1);
  return now;
}

function indexOfLeast(all: readonly Passing[]): number {
  const counts = new Map<string, number>();
  for (const item of all.flatMap(itemsOf)) counts.set(item, (counts.get(item) ?? 0) + 1);
  const values = all.map((one) => itemsOf(one).filter((item) => counts.get(item) === 1).length);
  return values.indexOf(Math.min(...values));
}

function itemsOf(one: Passing): string[] {
  return [...pairsOf(one), ...one.dependencies.map((name) => itemOfDependency(one, name))];
}

/** Pairs of values; those of another space or architecture are others. */
function pairsOf({ space, arch, choices }: Pick<Passing, 'space' | 'arch'> & { choices: Choices }): string[] {
  const values = Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).sort();
  return values.flatMap((one, index) => values.slice(index + 1).map((other) => `${space} ${arch} ${one} ${other}`));
}

function itemOfDependency({ arch }: Pick<Passing, 'arch'>, name: string): string {
  return `${arch} ${name}`;
}
