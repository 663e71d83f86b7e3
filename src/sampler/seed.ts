import { UserError } from '../util/errors.ts';
import type { Cover } from './records.ts';
import { shortHash } from '../util/hash.ts';

/** All that names one candidate for ever. Fingerprints and hashes are cut to the digits that a seed shows. */
export type Seed = {
  space: { name: string; hash: string };
  tree: { name: string; fingerprint: string };
  toolchain: { kind: string; fingerprint: string };
  runSeed: number;
  cover: Cover;
  index: number;
  /** First 8 digits of the hash of the resulting `.config`; `00000000` before it is known. */
  config: string;
};

const shape = /kf2_([a-z0-9-]+)\.([0-9a-f]{6})_([A-Za-z0-9.-]+)\.([0-9a-f]{8})_([a-z]+)\.([0-9a-f]{8})_(\d{1,10})(?:c([23]))?_(\d{1,9})_([0-9a-f]{8})_([0-9a-f]{4})/.source;
const pattern = new RegExp(`^${shape}$`);
const beginning = new RegExp(`^${shape}(?![A-Za-z0-9_])`);

/** The seed that a text begins with, whatever follows; null where there is none. Its end is not checked. */
export function findSeedAtStart(text: string): string | null {
  return beginning.exec(text)?.[0] ?? null;
}

/** A short string that survives mails and shells: letters, digits, `-`, `.` and `_`; its end checks the rest. */
export function formatSeed({ space, tree, toolchain, runSeed, cover, index, config }: Seed): string {
  const body = [
    'kf2',
    `${space.name}.${space.hash.slice(0, 6)}`,
    `${tree.name}.${tree.fingerprint.slice(0, 8)}`,
    `${toolchain.kind}.${toolchain.fingerprint.slice(0, 8)}`,
    cover === 0 ? runSeed : `${runSeed}c${cover}`,
    index,
    config.slice(0, 8),
  ].join('_');
  return `${body}_${shortHash(body, 4)}`;
}

/** Reads a seed as people paste it. @throws UserError `SEED_MALFORMED` */
export function parseSeed(text: string): Seed {
  const seed = text.trim().replace(/^["'`<]+|["'`>.,;]+$/g, '');
  const [, spaceName, spaceHash, treeName, treeHash, kind, toolchainHash, runSeed, cover, index, config, check] = pattern.exec(seed) ?? [];
  if (check === undefined) {
    throw new UserError({ code: 'SEED_MALFORMED', message: `"${seed.slice(0, 120)}" is no seed: ${explainShape(seed)}`, hint: 'a seed looks like kf2_inline-helpers.1a2b3c_linux-source-7.3.ee863f33_debian.32d87ff0_1_7_5e884898_3c4d' });
  }
  if (shortHash(seed.slice(0, -5), 4) !== check) {
    throw new UserError({ code: 'SEED_MALFORMED', message: 'this seed was damaged on its way: its last four digits do not check the rest', hint: 'copy it again, whole' });
  }
  return {
    space: { name: spaceName ?? '', hash: spaceHash ?? '' },
    tree: { name: treeName ?? '', fingerprint: treeHash ?? '' },
    toolchain: { kind: kind ?? '', fingerprint: toolchainHash ?? '' },
    runSeed: Number(runSeed),
    cover: Number(cover ?? 0) as Cover,
    index: Number(index),
    config: config ?? '',
  };
}

function explainShape(seed: string): string {
  if (seed === '') return 'it is empty';
  const version = /^kf(\d+)_/.exec(seed)?.[1];
  if (version === undefined) return 'it does not begin with kf2_';
  if (version === '1') return 'version 1 is of an earlier kinfuzz, which drew other candidates';
  if (version !== '2') return `version ${version} is not known to this kinfuzz`;
  const parts = seed.split('_').length;
  return parts === 8 ? 'a part of it is not of its form' : `it has ${parts} parts instead of 8`;
}
