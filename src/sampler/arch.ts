import type { Space } from '../space/schema.ts';
import type { Arch } from '../tree/records.ts';
import { deriveSeed } from '../util/hash.ts';
import { openRandom } from '../util/random.ts';

/**
 * The architecture of random candidate `index`: from a bag with as many of each as its weight, shuffled anew for each
 * bagful, so that even a short run meets all of them in proportion.
 */
export function drawArch(space: Space, runSeed: number, index: number): Arch {
  const bag = Object.entries(space.arches).flatMap(([arch, { weight }]) => Array.from({ length: weight }, () => arch as Arch));
  const bagful = Math.floor(index / bag.length);
  return openRandom(deriveSeed(space.hash, runSeed, 'arch', bagful)).shuffle(bag)[index % bag.length] as Arch;
}
