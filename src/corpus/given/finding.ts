import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../kconfig/config.ts';
import { parseSeed } from '../../sampler/seed.ts';
import { nameTree } from '../../tree/open.ts';
import { UserError } from '../../util/errors.ts';
import { readTextIfAny } from '../../util/files.ts';
import { hashText } from '../../util/hash.ts';
import { parseYaml } from '../../util/yaml.ts';
import { findingFiles, type FindingRecord, findingSchema } from '../../verdict/finding.ts';
import { findConfigs } from './configs.ts';
import type { Given } from './records.ts';

/**
 * Reads the folder of a finding. `name`: which of its configurations counts; without it the seed does.
 *
 * @throws UserError `FINDING_MISSING`, `FINDING_SYNTAX`, `FINDING_SHAPE`, `SEED_MALFORMED`, `CONFIG_SYNTAX`
 */
export async function openFinding(directory: string, name: string): Promise<Given> {
  const file = join(directory, findingFiles.record);
  const record = await readText(file);
  if (record === null) throw new UserError({ code: 'FINDING_MISSING', message: 'this folder is not that of a finding', place: { file }, hint: `a run keeps them at RUN/findings/PROPERTY-HASH, each with its ${findingFiles.record}` });
  const [text, whole, script] = await Promise.all([name, findingFiles.config, findingFiles.script].map((entry) => readText(join(directory, entry))));
  return givenOfFinding(parseFindingText(record, file), { directory, name, text: text ?? null, whole: whole ?? null, script: script === null || script === undefined ? null : join(directory, findingFiles.script) });
}

/** Reads the text of a `finding.json`; JSON is YAML, whose parser knows lines. @throws UserError with file, line and column */
export function parseFindingText(text: string, file: string): FindingRecord {
  return parseYaml(text, file, findingSchema, 'FINDING').value;
}

/** The files of a finding's folder: the configuration that is meant and the whole one, null where they are not there. */
export type FindingTexts = { directory: string; name: string; text: string | null; whole: string | null; script: string | null };

/** @throws UserError `SEED_MALFORMED`, `CONFIG_SYNTAX`, `NOTHING_GIVEN` */
export function givenOfFinding(record: FindingRecord, { directory, name, text, whole, script }: FindingTexts): Given {
  const { arch, space, passes, tree, toolchain, signature, seed } = record;
  const place = { file: join(directory, text === null ? findingFiles.record : name) };
  return {
    recipe: text === null ? { kind: 'seed', seed: parseSeed(seed) } : readConfig(text, place.file),
    place,
    arch: { kind: 'known', arch },
    // A file of another machine is not here; a space of that name may be.
    space: existsSync(space.source) ? space.source : space.name,
    passes,
    tree: { name: nameTree(tree), fingerprint: tree.fingerprint },
    toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    signatures: [signature],
    config: whole === null || name !== findingFiles.config ? null : parseConfig(whole),
    // Without symptoms it can tell nothing, and no make builds the miniature tree.
    script: tree.kind !== 'embedded' && (record.minimized?.symptoms ?? record.symptoms).length > 0 ? script : null,
    aside: whole !== null && hashText(whole) !== record.config ? [`${join(directory, findingFiles.config)} is not the configuration that ${findingFiles.record} speaks of`] : [],
  };
}

function readConfig(text: string, file: string): Given['recipe'] {
  const { found, broken } = findConfigs({ name: file, text, isMail: false });
  const [first] = found;
  if (first === undefined) throw broken[0] ?? new UserError({ code: 'NOTHING_GIVEN', message: 'there is no assignment in it', place: { file, line: 1, column: 1 } });
  return first.recipe;
}

async function readText(file: string): Promise<string | null> {
  return readTextIfAny(file).catch((error: unknown) => {
    throw new UserError({ code: 'GIVEN_UNREADABLE', message: error instanceof Error ? error.message : String(error), place: { file } });
  });
}
