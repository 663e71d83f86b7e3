import { Evaluation } from './evaluate.ts';
import { fillNewSymbols } from './fill.ts';
import { GlibcRandom } from './glibc-random.ts';
import type { Model } from './model.ts';
import type { Probabilities } from './probability.ts';
import { formatConfig } from './write.ts';

/** What `make randconfig` draws from: `KCONFIG_SEED` and `KCONFIG_PROBABILITY`. */
export type RandomSeed = { kconfigSeed: number; probabilities: Probabilities };

/** The `.config` that `make randconfig` writes for a seed; one character a byte. */
export function drawConfig(model: Model, { kconfigSeed, probabilities }: RandomSeed): string {
  const evaluation = new Evaluation(model, () => {});
  fillNewSymbols(evaluation, { kind: 'random', random: new GlibcRandom(kconfigSeed), probabilities });
  return formatConfig(evaluation, 'CONFIG_');
}

/** The same as conf takes it from its environment. */
export function variablesOf({ kconfigSeed, probabilities: { boolYes, tristateYes, tristateModule } }: RandomSeed): Record<string, string> {
  return { KCONFIG_SEED: String(kconfigSeed), KCONFIG_PROBABILITY: `${boolYes}:${tristateYes}:${tristateModule}` };
}
