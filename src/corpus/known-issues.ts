import * as v from 'valibot';
import { arches } from '../tree/records.ts';
import { UserError } from '../util/errors.ts';
import { readTextIfAny } from '../util/files.ts';
import { parseYaml } from '../util/yaml.ts';
import type { KnownIssue } from '../verdict/known.ts';

const version = v.pipe(v.string(), v.regex(/^\d+(?:\.\d+){1,2}(?:-rc\d+)?$/, 'a kernel version is wanted, in quotes: "7.3" or "7.4-rc1"'));
const filled = v.pipe(v.string(), v.nonEmpty('a text is wanted'));
const issueSchema = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, 'a name of small letters, digits and hyphens is wanted')),
  signatures: v.pipe(v.array(v.pipe(v.string(), v.regex(/^[\w*-]+[:/][0-9a-f*]+$/, 'a signature is wanted, as a run prints it: property:1a2b3c4d, with * for any characters'))), v.nonEmpty('name one signature or more')),
  arches: v.optional(v.pipe(v.array(v.picklist(arches)), v.nonEmpty('name one architecture, or leave it out')), undefined),
  since: v.optional(version),
  before: v.optional(version),
  needs: v.optional(v.record(v.pipe(v.string(), v.regex(/^(?!CONFIG_)[A-Za-z0-9_]+$/, 'a symbol is wanted, without CONFIG_')), v.picklist(['y', 'm', 'n'], 'y, m or n is wanted')), {}),
  reason: filled,
  link: v.optional(v.pipe(v.string(), v.url('an address is wanted'))),
  expires: v.optional(v.pipe(v.string(), v.isoDate('a day is wanted: 2027-06-30'))),
});
const fileSchema = v.strictObject({ issues: v.array(issueSchema) });

/**
 * Reads a file of known issues; entries whose last day is before `today` are left out, and told as `expired`.
 *
 * @throws UserError `KNOWN_SYNTAX`, `KNOWN_SHAPE`, `KNOWN_UNREADABLE` with file, line and column
 */
export async function loadKnownIssues(file: string, today: string): Promise<{ issues: KnownIssue[]; expired: string[] }> {
  const text = await readTextIfAny(file).catch((error: unknown) => {
    throw new UserError({ code: 'KNOWN_UNREADABLE', message: `the known issues cannot be read: ${error instanceof Error ? error.message : String(error)}`, place: { file } });
  });
  if (text === null) throw new UserError({ code: 'KNOWN_UNREADABLE', message: 'there is no such file of known issues', place: { file }, hint: 'name another with --known, or none: --known none' });
  const all = parseKnownIssues(text, file);
  return { issues: all.filter(({ expires }) => expires === null || expires >= today), expired: all.filter(({ expires }) => expires !== null && expires < today).map(({ name }) => name) };
}

/** @throws UserError with file, line and column */
export function parseKnownIssues(text: string, file: string): KnownIssue[] {
  const { value: { issues }, placeOf } = parseYaml(text, file, fileSchema, 'KNOWN');
  const names = issues.map(({ name }) => name);
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at);
  if (twice >= 0) throw new UserError({ code: 'KNOWN_SHAPE', message: `issues.${twice}.name: ${names[twice]} is there already`, place: placeOf(['issues', twice, 'name']) });
  return issues.map(({ arches: of, since, before, link, expires, ...rest }) => ({ ...rest, arches: of ?? null, since: since ?? null, before: before ?? null, link: link ?? null, expires: expires ?? null }));
}
