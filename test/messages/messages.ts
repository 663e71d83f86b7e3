import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Environment of one variant's script; `make` and `in` say where it is run. */
export type Words = Record<string, string>;
/** One defect, and scripts by which a tool tells of it. */
export type Group = { defect: string; tool: string; run: string; variants: Words[] };
/** What was written to standard error. */
export type Said = { exit: number; text: string };

export function readGroups(): Group[] {
  const groups = parse(readFileSync(new URL('groups.yaml', import.meta.url), 'utf8')) as Group[];
  return groups.map((group) => ({ ...group, variants: group.variants.map((words) => Object.fromEntries(Object.entries(words).map(([name, value]) => [name, String(value)]))) }));
}

/** What was said of each defect, in the order of its variants. */
export function readMessages(): Record<string, Said[]> {
  const file = new URL('messages.yaml', import.meta.url);
  return existsSync(file) ? (parse(readFileSync(file, 'utf8')) as Record<string, Said[]>) : {};
}
