import { loadModel } from '../../src/kconfig/load.ts';
import { parseConfig } from '../../src/kconfig/config.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import type { Candidate } from '../../src/sampler/records.ts';
import { formatRequests } from '../../src/sampler/requests.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { Encoding } from '../../src/space/encode.ts';
import { loadSpace } from '../../src/space/load.ts';
import { mentionedSymbols, valuesFor } from '../../src/space/requests.ts';
import type { Space } from '../../src/space/schema.ts';
import { loadZ3, Solver } from '../../src/space/solver.ts';
import { listAxisSets, listTuples, measureCoverage, tuplesOf } from '../../src/space/tuples.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { openTree } from '../../src/tree/open.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';

/*
 * Sampling of inline-helpers on Linux 7.3 for x86_64. Times are of this process's processor, not of the clock; they
 * depend on the machine. Numbers of candidates do not.
 */
const arch = 'x86_64';
const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: tell, signal };
const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
const place = { tree, toolchain, cache: setUp.cache, signal };
const { space } = await loadSpace('inline-helpers', 'corpus/spaces');

const z3 = await loadZ3();
const { model } = await loadModel({ ...place, arch, output: new KeptOutput() });
const encoded = clock(() => new Encoding(model, mentionedSymbols(space, arch)));
const { cnf, cone } = encoded.value;
const solver = clock(() => new Solver(z3, cnf));
const answer = clock(() => solver.value.isPossible([]));
tell(`encoding: ${cone.length} symbols, ${cnf.clauses.length} clauses: ${encoded.ms} ms; into z3 ${solver.ms} ms; first answer ${answer.ms} ms`);

for (const [name, fill] of [['without fill', { densities: [0], except: [] }], ['with fill', space.fill]] satisfies [string, Space['fill']][]) {
  const sampler = await openSampler(place, { ...space, fill }, [arch]);
  take(sampler, 100);
  const drawn = clock(() => take(sampler, 500));
  tell(`candidates ${name}: ${Math.round(500_000 / drawn.ms)} a second, each confirmed by the evaluator`);
  describeSpread(name, sampler);
}

const sampler = await openSampler(place, space, null);
const plan = clock(() => [...sampler.candidates(1, [arch], 2, true)]);
const { covered, impossible } = measureCoverage(sampler.drawer(arch).possibilities, 2, plan.value.map(({ choices }) => choices));
const sizes = Object.keys(space.axes).map((axis) => valuesFor(space, axis, arch).length).sort((left, right) => right - left);
tell(`tuples of 2 (and groups): ${covered.length} covered, ${impossible.length} impossible, by ${plan.value.length} candidates; two largest axes: ${(sizes[0] ?? 0) * (sizes[1] ?? 0)}`);
const pairsOnly = await openSampler(place, { ...space, groups: [], fill: { densities: [0], except: [] } }, null);
const rows = [...pairsOnly.candidates(1, [arch], 2, true)].length;
const random = countRandom(pairsOnly);
tell(`pairs alone: ${rows} candidates; at random ${random.join(', ')} (five seeds); ratio ${(rows / (random.reduce((sum, count) => sum + count, 0) / random.length)).toFixed(3)}`);
process.exit(0);

/** How many random candidates it takes until all possible pairs are met. */
function countRandom(drawer: Sampler): number[] {
  const { possibilities } = drawer.drawer(arch);
  const axisSets = listAxisSets(drawer.space, 2);
  const possible = listTuples(drawer.space, arch, 2).filter((tuple) => possibilities.isPossible(Object.fromEntries(tuple))).length;
  return [1, 2, 3, 4, 5].map((seed) => {
    const met = new Set<string>();
    let count = 0;
    for (const { choices } of drawer.candidates(seed, [arch])) {
      count += 1;
      for (const tuple of tuplesOf(axisSets, choices)) met.add(tuple);
      if (met.size === possible) break;
    }
    return count;
  });
}

/** How many configurations differ, and by how many options two of them differ on average. */
function describeSpread(name: string, from: Sampler): void {
  const resolver = new Resolver(model);
  const configs = take(from, 120).map((candidate) => parseConfig(resolver.resolveText(formatRequests(candidate)).config));
  const distances = configs.flatMap((one, index) => configs.slice(index + 1).map((other) => distance(one, other))).sort((left, right) => left - right);
  const distinct = new Set(configs.map((config) => JSON.stringify(config))).size;
  const at = (share: number) => distances[Math.floor(share * (distances.length - 1))];
  tell(`spread ${name}: ${distinct} of ${configs.length} configurations differ; options that differ between two: ${at(0.05)} (5%), ${at(0.5)} (median), ${at(0.95)} (95%)`);
}

function distance(one: Record<string, string>, other: Record<string, string>): number {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((symbol) => (one[symbol] ?? 'n') !== (other[symbol] ?? 'n')).length;
}

function take(from: Sampler, count: number): Candidate[] {
  const taken: Candidate[] = [];
  for (const candidate of from.candidates(1, [arch])) {
    taken.push(candidate);
    if (taken.length === count) break;
  }
  return taken;
}

/** Milliseconds of this process's processor. */
function clock<T>(run: () => T): { value: T; ms: number } {
  const before = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: Math.round((user + system) / 1000) };
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
