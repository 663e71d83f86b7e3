import { type Loaded, loadModel, type LoadRequest } from '../kconfig/load.ts';
import { KeptOutput } from '../kconfig/output.ts';
import type { Overrides } from '../kconfig/overrides.ts';
import { Possibilities } from '../space/possible.ts';
import { listReachable } from '../space/reach.ts';
import type { Space } from '../space/schema.ts';
import { loadZ3 } from '../space/solver.ts';
import { isOf, listVariants, simulatedAxes, type Variant } from '../space/variants.ts';
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

/** What draws from one model; `overridden`: which of the variant's overrides the tree has asked for. */
export type ModelDrawer = { variant: Variant; drawer: Drawer; overridden: ReadonlySet<string> };

/** Draws the candidates of a space: candidate `index` of a run is the same whatever was drawn before it. */
export class Sampler {
  readonly space: Space;
  /** The first model of each architecture. */
  readonly drawers: ReadonlyMap<Arch, Drawer>;
  readonly models: ReadonlyMap<Arch, readonly ModelDrawer[]>;
  readonly #plans = new Map<string, CoverPlan>();

  /** @param models for each architecture one of each variant, in the order of {@link listVariants} */
  constructor(space: Space, models: ReadonlyMap<Arch, readonly ModelDrawer[]>) {
    this.space = space;
    this.models = models;
    this.drawers = new Map([...models].flatMap(([arch, [first]]) => (first ? [[arch, first.drawer]] : [])));
  }

  /** The drawer of an architecture. @throws UserError `SPACE_ARCH` where the sampler was opened without it */
  drawer(arch: Arch): Drawer {
    const drawer = this.drawers.get(arch);
    if (!drawer) throw new UserError({ code: 'SPACE_ARCH', message: `this sampler was opened without ${arch}`, hint: `it has ${[...this.drawers.keys()].join(', ')}` });
    return drawer;
  }

  /** What a candidate with these choices is drawn from. */
  modelOf({ arch, choices }: Pick<Candidate, 'arch' | 'choices'>): ModelDrawer {
    this.drawer(arch);
    const found = this.models.get(arch)?.find(({ variant }) => isOf(variant, choices));
    if (!found) throw new Error(`no model of ${arch} has ${JSON.stringify(choices)}`);
    return found;
  }

  drawerOf(candidate: Pick<Candidate, 'arch' | 'choices'>): Drawer {
    return this.modelOf(candidate).drawer;
  }

  candidate(runSeed: number, index: number, cover: Cover = 0): Candidate {
    const row = cover === 0 ? null : this.plan(runSeed, cover).row(index);
    const arch = row?.arch ?? drawArch(this.space, runSeed, index);
    const random = openRandom(deriveSeed(this.space.hash, runSeed, index));
    const drawn = row === null ? this.#drawModel(arch, runSeed, index).draw(random) : this.drawer(arch).fulfil(row.choices, random);
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

  /** Which choices a covering run takes in which order; that goes over all architectures, so that they keep their numbers. */
  plan(runSeed: number, strength: 2 | 3): CoverPlan {
    for (const arch of Object.keys(this.space.arches)) this.drawer(arch as Arch);
    if (simulatedAxes(this.space).length > 0) throw new UserError({ code: 'SPACE_COVER', message: `the space ${this.space.space} simulates tools, and its values cannot be covered`, hint: 'leave --cover out: its candidates are drawn at random' });
    const key = `${runSeed} ${strength}`;
    const plan = this.#plans.get(key) ?? new CoverPlan(this.space, this.drawers, runSeed, strength);
    this.#plans.set(key, plan);
    return plan;
  }

  /** Gives the memory of all solvers back: z3 has 2 GiB for a whole process, and 20 to 40 MiB are a model's. */
  close(): void {
    for (const { drawer } of [...this.models.values()].flat()) drawer.possibilities.close();
  }

  /** One of an architecture's models, by weight. */
  #drawModel(arch: Arch, runSeed: number, index: number): Drawer {
    const first = this.drawer(arch);
    const models = this.models.get(arch) ?? [];
    if (models.length < 2) return first;
    const total = models.reduce((sum, { variant }) => sum + variant.weight, 0);
    let left = (deriveSeed(this.space.hash, runSeed, 'model', index) / 2 ** 32) * total;
    return models.find(({ variant }) => (left -= variant.weight) < 0)?.drawer ?? first;
  }
}

/** Reads a tree's Kconfig, as `loadModel` does. */
export type ModelLoader = (request: LoadRequest, overrides: Overrides) => Promise<Loaded>;

/**
 * Loads what drawing takes: the models of each architecture, and the solver.
 *
 * @param arches only these of the space's; null: all of them
 * @throws UserError `SPACE_ARCH` where none is left
 */
export async function openSampler(place: SamplerPlace, space: Space, arches: readonly Arch[] | null, load: ModelLoader = loadModel): Promise<Sampler> {
  const all = Object.keys(space.arches) as Arch[];
  const wanted = all.filter((arch) => arches === null || arches.includes(arch));
  if (wanted.length === 0) throw strangeArch(space, arches ?? []);
  const z3 = await loadZ3();
  const models = new Map<Arch, ModelDrawer[]>();
  for (const arch of wanted) {
    const reachable = await listReachable(place.tree, arch, place.cache);
    const drawers: ModelDrawer[] = [];
    for (const variant of listVariants(space, arch)) {
      const { model, overridden } = await load({ ...place, arch: variant.kernel as Arch, output: new KeptOutput() }, variant.overrides);
      drawers.push({ variant, drawer: new Drawer(new Possibilities(variant.space, arch, model, z3), reachable), overridden });
    }
    models.set(arch, drawers);
  }
  return new Sampler(space, models);
}

function strangeArch(space: Space, arches: readonly Arch[]): UserError {
  return new UserError({ code: 'SPACE_ARCH', message: `the space ${space.space} has no architecture ${arches.join(', ')}`, hint: `it has ${Object.keys(space.arches).join(', ')}` });
}
