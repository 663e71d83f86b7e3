import { Resolver } from '../../src/kconfig/resolver.ts';
import { formatRequests } from '../../src/sampler/requests.ts';
import { openSampler } from '../../src/sampler/sampler.ts';
import { loadSpace } from '../../src/space/load.ts';
import { proveGates } from '../../src/space/proofs.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { openTree } from '../../src/tree/open.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { isAsExpected, judgeGates } from '../../src/verdict/gate.ts';

/*
 * npm run bench
 *
 * How fast candidates are drawn and judged where nothing is built: Linux 7.3, all three architectures, the gating space.
 * Times are of this process's processor, after everything is loaded; drawing is part of judging.
 */

const count = 20_000;
/** So many are resolved whole as well. */
const compared = 300;
const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: tell, signal };

const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
const { space } = await loadSpace('gating', 'corpus/spaces');
const z3 = await loadZ3();
const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, null);
const models = [...sampler.models.values()].flat();

let claims = 0;
const proving = measure(() => {
  for (const { variant, drawer } of models) for (const _ of proveGates(z3, drawer.possibilities, variant.choices)) claims += 1;
});
tell(`claims about ${models.length} models: ${claims} in ${(proving / 1000).toFixed(1)} s, ${(proving / claims).toFixed(0)} ms each`);

let strange = 0;
const judging = measure(() => {
  for (let index = 0; index < count; index += 1) {
    const candidate = sampler.candidate(1, index);
    if (!judgeGates(sampler.drawerOf(candidate).possibilities.resolver, space, candidate).every(isAsExpected)) strange += 1;
  }
});
tell(`gates: ${count} candidates drawn and judged in ${(judging / 1000).toFixed(1)} s of processor: ${Math.round((count / judging) * 60_000)} a minute, ${(judging / count).toFixed(2)} ms each; ${strange} not as expected`);

const texts = Array.from({ length: compared }, (_, index) => sampler.candidate(1, index)).map((candidate) => ({ candidate, text: formatRequests(candidate) }));
const resolvers = new Map(models.map(({ drawer }) => [drawer, new Resolver(drawer.possibilities.model)]));
const whole = (times: number) => {
  for (let time = 0; time < times; time += 1) for (const { candidate, text } of texts) resolvers.get(sampler.drawerOf(candidate))?.resolveText(text);
};
whole(1);
const resolving = measure(() => whole(3)) / (3 * compared);
tell(`the whole configuration of each, by Resolver.resolveText: ${resolving.toFixed(2)} ms; ratio ${(resolving / (judging / count)).toFixed(1)}`);

/** Milliseconds of processor. */
function measure(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
