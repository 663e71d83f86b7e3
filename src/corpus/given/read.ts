import { UserError } from '../../util/errors.ts';
import { findConfigs } from './configs.ts';
import { archOfConfig, archOfWords, findPasses, findSignatures } from './hints.ts';
import { type Parts, splitParts } from './parts.ts';
import { findRandom } from './random.ts';
import type { Found, Given, GivenConfig, Part, Recipe, Search } from './records.ts';
import { findSeeds } from './seeds.ts';

/**
 * Takes the one thing to reproduce out of a text, a mail or a mailbox. Where there are several, a seed counts before a whole
 * configuration, that before a seed of randconfig, and that before a fragment; of one kind, the first. What is left aside
 * is told. `properties`: names of those whose signatures mean something.
 *
 * @throws UserError with the place of what comes nearest
 */
export async function readGiven(name: string, bytes: Uint8Array, properties: readonly string[]): Promise<Given> {
  return chooseGiven(name, await splitParts(name, bytes), properties);
}

/** The same of a text that is no file: an argument. */
export function readGivenText(name: string, text: string, properties: readonly string[]): Given {
  return chooseGiven(name, { parts: [{ name, text, isMail: false }], aside: [] }, properties);
}

function chooseGiven(name: string, { parts, aside }: Parts, properties: readonly string[]): Given {
  const searches = parts.map((part) => ({ part, seeds: findSeeds(part), configs: findConfigs(part), random: findRandom(part) }));
  const configs = collect(searches.map((search) => search.configs));
  const found: Found[] = [
    ...collect(searches.map((search) => search.seeds)),
    ...configs.filter(({ recipe }) => recipe.isWhole),
    ...collect(searches.map((search) => search.random)),
    ...configs.filter(({ recipe }) => !recipe.isWhole),
  ];
  const broken = searches.flatMap(({ seeds, configs: lines, random }) => [...seeds.broken, ...lines.broken, ...random.broken]);
  const [taken, ...others] = found;
  if (taken === undefined) throw broken[0] ?? nothingIn(name, aside);
  const text = parts.map((part: Part) => part.text).join('\n');
  const beside = taken.recipe.kind === 'config' ? undefined : configs.find(({ recipe }) => recipe.isWhole);
  return {
    recipe: taken.recipe,
    place: taken.place,
    arch: (taken.recipe.kind === 'config' ? archOfConfig(taken.recipe.assignments) : null) ?? archOfWords(text),
    space: taken.recipe.kind === 'seed' ? taken.recipe.seed.space.name : null,
    tree: taken.recipe.kind === 'seed' ? taken.recipe.seed.tree : null,
    toolchain: taken.recipe.kind === 'seed' ? taken.recipe.seed.toolchain : null,
    passes: findPasses(text),
    signatures: findSignatures(text, properties),
    config: (taken.recipe.kind === 'config' && taken.recipe.isWhole ? taken.recipe.assignments : beside?.recipe.assignments) ?? null,
    script: null,
    aside: [
      ...others.map((other) => `${describeRecipe(other.recipe)} at ${formatPlace(other)}${other === beside ? ', but for comparing' : ''}`),
      ...broken.map(({ message, place }) => `${place?.file}:${place?.line}:${place?.column}: ${message}`),
      ...aside,
    ],
  };
}

function collect<R extends Recipe>(searches: readonly Search<R>[]): Found<R>[] {
  return searches.flatMap(({ found }) => found);
}

/** `a seed`, `a whole .config (812 assignments)`: the kind of a thing, and how much there is of it. */
export function describeRecipe(recipe: Recipe): string {
  switch (recipe.kind) {
    case 'seed':
      return 'a seed';
    case 'random':
      return `KCONFIG_SEED=0x${recipe.kconfigSeed.toString(16).toUpperCase()}`;
    case 'config':
      return describeConfig(recipe);
  }
}

function describeConfig({ assignments, isWhole }: GivenConfig): string {
  const count = Object.keys(assignments).length;
  return `${isWhole ? 'a whole .config' : 'a fragment'} of ${count} assignment${count === 1 ? '' : 's'}`;
}

/** `file:line:column` */
export function formatPlace({ place: { file, line, column } }: Pick<Found, 'place'>): string {
  return [file, line, column].filter((part) => part !== undefined).join(':');
}

function nothingIn(file: string, aside: readonly string[]): UserError {
  return new UserError({
    code: 'NOTHING_GIVEN',
    message: `there is neither a seed nor a configuration in it${aside.length > 0 ? ` (${aside.join('; ')})` : ''}`,
    place: { file, line: 1, column: 1 },
    hint: 'wanted is kf2_…, KCONFIG_SEED=0x…, or lines such as CONFIG_NAME=y and # CONFIG_NAME is not set',
  });
}
