import fc from 'fast-check';
import { type Config, formatFragment, valueOf } from '../kconfig/config.ts';
import type { Space } from '../space/schema.ts';
import type { Arch } from '../tree/records.ts';
import { UserError } from '../util/errors.ts';
import { deriveSeed } from '../util/hash.ts';
import type { Candidate, LostRequest, Request } from './records.ts';

/**
 * Candidate `index` of a run. Architectures come from a bag with as many of each as its weight, shuffled anew for
 * each bagful, so that even a short run meets all of them in proportion.
 *
 * @throws UserError `SPACE_EMPTY` where the forbidden combinations leave nothing to draw
 */
export function sampleCandidate(space: Space, runSeed: number, index: number): Candidate {
  const arch = drawArch(space, runSeed, index);
  const seed = deriveSeed(space.hash, runSeed, index);
  const choices = drawChoices(space, arch, seed);
  return { index, runSeed, arch, choices, requested: listRequests(space, arch, choices) };
}

/** The candidates of a run in order, those of other architectures left out; `arches` null takes all. */
export function* sampleCandidates(space: Space, runSeed: number, arches: readonly Arch[] | null): Generator<Candidate> {
  const drawn = Object.keys(space.arches);
  const wanted = arches?.filter((arch) => drawn.includes(arch)) ?? null;
  if (wanted?.length === 0) {
    throw new UserError({ code: 'SPACE_ARCH', message: `the space ${space.space} has no architecture ${arches?.join(', ')}`, hint: `it has ${drawn.join(', ')}` });
  }
  for (let index = 0; ; index += 1) {
    if (wanted === null || wanted.includes(drawArch(space, runSeed, index))) yield sampleCandidate(space, runSeed, index);
  }
}

/** What a candidate asks for, as a `.config` fragment. */
export function formatRequests(requested: readonly Request[]): string {
  return formatFragment(requested.map(({ symbol, value }) => [symbol, value]));
}

/** Requests that the resolved configuration does not honour. */
export function findLost(requested: readonly Request[], config: Config): LostRequest[] {
  return requested.flatMap((request) => {
    const effective = valueOf(config, request.symbol);
    return effective === request.value ? [] : [{ ...request, effective }];
  });
}

function drawArch(space: Space, runSeed: number, index: number): Arch {
  const bag = Object.entries(space.arches).flatMap(([arch, { weight }]) => Array.from({ length: weight }, () => arch as Arch));
  const bagful = Math.floor(index / bag.length);
  const [order] = fc.sample(fc.shuffledSubarray([...bag.keys()], { minLength: bag.length }), { seed: deriveSeed(space.hash, runSeed, 'arch', bagful), numRuns: 1 });
  return bag[order?.[index % bag.length] ?? 0] as Arch;
}

const attempts = 1000;

function drawChoices(space: Space, arch: Arch, seed: number): Record<string, string> {
  const axes = Object.entries(space.axes).map(([axis, values]) => {
    const possible = Object.entries(values).filter(([, value]) => value.arches.includes(arch) && value.weight > 0);
    if (possible.length === 0) throw new UserError({ code: 'SPACE_EMPTY', message: `axis ${axis} has no value for ${arch}` });
    return [axis, fc.oneof(...possible.map(([name, { weight }]) => ({ weight, arbitrary: fc.constant(name) })))] as const;
  });
  const [drawn] = fc.sample(fc.infiniteStream(fc.record(Object.fromEntries(axes))), { seed, numRuns: 1 });
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const choices = drawn?.next().value as Record<string, string>;
    if (!isForbidden(space, choices)) return choices;
  }
  throw new UserError({ code: 'SPACE_EMPTY', message: `the forbidden combinations of ${space.space} leave nothing to draw for ${arch} (${attempts} attempts)` });
}

function isForbidden(space: Space, choices: Record<string, string>): boolean {
  return space.forbid.some(({ when }) => Object.entries(when).every(([axis, values]) => values.includes(choices[axis] ?? '')));
}

/** @throws UserError `SPACE_CONFLICT` where two parts of the space want different values of one symbol */
function listRequests(space: Space, arch: Arch, choices: Record<string, string>): Request[] {
  const sources: [from: string, assignments: Record<string, string>][] = [
    ['pin', space.pins],
    [`pin of ${arch}`, space.arches[arch]?.pins ?? {}],
    ...Object.entries(choices).map(([axis, name]): [string, Record<string, string>] => [`${axis}=${name}`, space.axes[axis]?.[name]?.set ?? {}]),
  ];
  const requests = new Map<string, Request>();
  for (const [from, assignments] of sources) {
    for (const [symbol, value] of Object.entries(assignments)) {
      const other = requests.get(symbol);
      if (other !== undefined && other.value !== value) {
        throw new UserError({ code: 'SPACE_CONFLICT', message: `${from} sets ${symbol}=${value}, ${other.from} sets ${symbol}=${other.value}`, hint: 'let one symbol belong to one axis, or forbid the combination' });
      }
      requests.set(symbol, { symbol, value, from });
    }
  }
  return [...requests.values()];
}
