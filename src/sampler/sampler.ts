import { loadModel } from '../kconfig/load.ts';
import { KeptOutput } from '../kconfig/output.ts';
import { Possibilities } from '../space/possible.ts';
import { listReachable } from '../space/reach.ts';
import type { Space } from '../space/schema.ts';
import { loadZ3 } from '../space/solver.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { UserError } from '../util/errors.ts';
import { deriveSeed } from '../util/hash.ts';
import { openRandom } from '../util/random.ts';
import { drawArch } from './arch.ts';
import { CoverPlan } from './cover.ts';
import { Drawer } from './drawer.ts';
import type { Candidate, Cover } from './records.ts';

/** Where a sampler's models come from. */
export type SamplerPlace = { tree: Tree; toolchain: Toolchain; cache: string; signal: AbortSignal };

/** Draws the candidates of a space: candidate `index` of a run is the same whatever was drawn before it. */
export class Sampler {
  readonly space: Space;
  readonly drawers: ReadonlyMap<Arch, Drawer>;
  readonly #plans = new Map<string, CoverPlan>();

  constructor(space: Space, drawers: ReadonlyMap<Arch, Drawer>) {
    this.space = space;
    this.drawers = drawers;
  }

  /** The drawer of an architecture. @throws UserError `SPACE_ARCH` where the sampler was opened without it */
  drawer(arch: Arch): Drawer {
    const drawer = this.drawers.get(arch);
    if (!drawer) throw new UserError({ code: 'SPACE_ARCH', message: `this sampler was opened without ${arch}`, hint: `it has ${[...this.drawers.keys()].join(', ')}` });
    return drawer;
  }

  candidate(runSeed: number, index: number, cover: Cover = 0): Candidate {
    const row = cover === 0 ? null : this.plan(runSeed, cover).row(index);
    const arch = row?.arch ?? drawArch(this.space, runSeed, index);
    const random = openRandom(deriveSeed(this.space.hash, runSeed, index));
    const drawer = this.drawer(arch);
    const drawn = row === null ? drawer.draw(random) : drawer.fulfil(row.choices, random);
    return { index, runSeed, cover, arch, ...drawn };
  }

  /**
   * The candidates of a run in order, those of other architectures left out; null takes all. With `cover`, the
   * covering ones come first, then random ones, unless it is to end there.
   */
  *candidates(runSeed: number, arches: readonly Arch[] | null, cover: Cover = 0, endsCovered = false): Generator<Candidate> {
    if (arches !== null && !arches.some((arch) => this.drawers.has(arch))) throw strangeArch(this.space, arches);
    for (let index = 0; ; index += 1) {
      const row = cover === 0 ? null : this.plan(runSeed, cover).row(index);
      if (row === null && endsCovered) return;
      if (arches === null || arches.includes(row?.arch ?? drawArch(this.space, runSeed, index))) yield this.candidate(runSeed, index, cover);
    }
  }

  /** The first index of a run whose candidate is of an architecture that this sampler has. */
  firstIndex(runSeed: number): number {
    for (let index = 0; ; index += 1) if (this.drawers.has(drawArch(this.space, runSeed, index))) return index;
  }

  /** Gives the memory of all solvers back. */
  close(): void {
    for (const { possibilities } of this.drawers.values()) possibilities.close();
  }

  /** Which choices a covering run takes in which order; that goes over all architectures, so that they keep their numbers. */
  plan(runSeed: number, strength: 2 | 3): CoverPlan {
    for (const arch of Object.keys(this.space.arches)) this.drawer(arch as Arch);
    const key = `${runSeed} ${strength}`;
    const plan = this.#plans.get(key) ?? new CoverPlan(this.space, this.drawers, runSeed, strength);
    this.#plans.set(key, plan);
    return plan;
  }
}

/**
 * Loads what drawing takes: a model of each architecture, and the solver.
 *
 * @param arches only these of the space's; null: all of them
 * @throws UserError `SPACE_ARCH` where none is left
 */
export async function openSampler(place: SamplerPlace, space: Space, arches: readonly Arch[] | null): Promise<Sampler> {
  const all = Object.keys(space.arches) as Arch[];
  const wanted = all.filter((arch) => arches === null || arches.includes(arch));
  if (wanted.length === 0) throw strangeArch(space, arches ?? []);
  const z3 = await loadZ3();
  const drawers = new Map<Arch, Drawer>();
  for (const arch of all) {
    if (!wanted.includes(arch)) continue;
    const { model } = await loadModel({ ...place, arch, output: new KeptOutput() });
    drawers.set(arch, new Drawer(new Possibilities(space, arch, model, z3), await listReachable(place.tree, arch, place.cache)));
  }
  return new Sampler(space, drawers);
}

function strangeArch(space: Space, arches: readonly Arch[]): UserError {
  return new UserError({ code: 'SPACE_ARCH', message: `the space ${space.space} has no architecture ${arches.join(', ')}`, hint: `it has ${Object.keys(space.arches).join(', ')}` });
}
