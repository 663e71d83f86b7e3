import { Drawer } from '../../src/sampler/drawer.ts';
import { type ModelDrawer, Sampler } from '../../src/sampler/sampler.ts';
import { type LoadedSpace, parseSpace } from '../../src/space/load.ts';
import { Possibilities } from '../../src/space/possible.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import { listVariants } from '../../src/space/variants.ts';
import type { Arch } from '../../src/tree/records.ts';
import { parseTiny } from '../kconfig/tiny.ts';

/** A tree of a page: a choice, a select, tristates, an option behind another one, numbers, and what two axes cannot share. */
export const tinyKconfig = `config MODULES
	bool "modules"
	modules
config EXPERT
	bool "expert"
config HIDDEN
	bool
config LTO
	bool
choice
	prompt "lto"
config LTO_NONE
	bool "none"
config LTO_FULL
	bool "full"
	select LTO
config LTO_THIN
	bool "thin"
	depends on !ARM64
	select LTO
endchoice
config ARM64
	def_bool "$(ARCH)" = "arm64"
config BTF
	bool "btf"
	depends on !LTO
config GATE
	bool "gate" if EXPERT
config KASAN
	bool "kasan"
	depends on GATE
	select HIDDEN
config RT
	bool "rt"
	depends on !KASAN || BTF
config SAMPLE
	tristate "sample"
config LEVEL
	int "level"
	range 1 9 if RT
	default 12
config HIGH
	def_bool y
	depends on LEVEL > 10
config EXTRA_A
	bool "a"
	depends on !RT
config EXTRA_B
	tristate "b"
config EXTRA_C
	bool "c"
	select RT
`;

/** A space for it; what `needed` finds is that KASAN takes GATE. */
export const tinySpace = `space: tiny
description: a space for tests
targets: [prepare]
arches:
  x86_64: { weight: 3 }
  arm64: { weight: 2 }
pins: { MODULES: y, EXPERT: y }
axes:
  lto:
    none: { weight: 4, set: { LTO_NONE: y } }
    full: { weight: 2, set: { LTO_FULL: y } }
    thin: { weight: 1, arches: [x86_64], set: { LTO_THIN: y } }
  btf:
    off: { weight: 1, set: { BTF: n } }
    on: { weight: 1, set: { BTF: y } }
  kasan:
    off: { weight: 2, set: { KASAN: n } }
    on: { weight: 1, set: { KASAN: y } }
  rt:
    off: { weight: 1, set: { RT: n } }
    on: { weight: 1, set: { RT: y } }
  sample:
    m: { weight: 1, set: { SAMPLE: m } }
    y: { weight: 1, set: { SAMPLE: y } }
    n: { weight: 1, set: { SAMPLE: n } }
fill: { densities: [0, 0.5] }
`;

/** Options that may be filled in. */
export const tinyReachable = ['EXTRA_A', 'EXTRA_B', 'EXTRA_C', 'KASAN', 'NOT_THERE'];

/** A sampler on the tiny tree, or on another one with answers to its commands. */
export async function tinySampler(text = tinySpace, kconfig = tinyKconfig, answers: Record<string, string> = {}): Promise<{ sampler: Sampler; loaded: LoadedSpace }> {
  const z3 = await loadZ3();
  const loaded = parseSpace(text, 'tiny.yaml');
  const models = (Object.keys(loaded.space.arches) as Arch[]).map((arch): [Arch, ModelDrawer[]] => {
    return [arch, listVariants(loaded.space, arch).map((variant) => {
      const { model, overridden } = parseTiny(kconfig, { environment: { ARCH: variant.kernel }, answers, overrides: variant.overrides });
      return { variant, drawer: new Drawer(new Possibilities(variant.space, arch, model, z3), tinyReachable), overridden };
    })];
  });
  return { sampler: new Sampler(loaded.space, new Map(models)), loaded };
}

export function take<T>(source: Iterable<T>, count: number): T[] {
  const taken: T[] = [];
  if (count === 0) return taken;
  for (const value of source) {
    taken.push(value);
    if (taken.length === count) break;
  }
  return taken;
}
