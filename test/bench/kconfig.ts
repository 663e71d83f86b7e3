import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadModel, parseTree } from '../../src/kconfig/load.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import type { Candidate } from '../../src/sampler/records.ts';
import { formatRequests } from '../../src/sampler/requests.ts';
import { openSampler } from '../../src/sampler/sampler.ts';
import { loadSpace } from '../../src/space/load.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { openTree } from '../../src/tree/open.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { Judge, type JudgeCase } from '../kernel/parity-judge.ts';

/*
 * npm run bench
 *
 * Our Kconfig front end against the kernel's own conf with memoized probes, on the same random configurations of
 * Linux 7.3 for x86_64, in one run: read the ratios. Times are medians, in milliseconds of processor for us and of
 * the clock for conf, which is one process a configuration.
 */

const count = 12;
const rounds = 5;
const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: tell, signal };

const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-bench-'));
try {
  const place = { tree, toolchain, arch: 'x86_64' as const, cache: setUp.cache, signal, output: new KeptOutput() };
  const { model, environment, answers } = await loadModel(place);
  const parse = await measure(rounds, () => loadModel(place));
  tell(`parse, whole tree, cached probes: ${parse.toFixed(0)} ms (${model.symbols.length} symbols, ${model.files.length} files)`);
  for (const root of ['block/Kconfig', 'fs/Kconfig', 'net/Kconfig', 'sound/Kconfig', 'drivers/media/Kconfig', 'Kconfig']) {
    let files = 0;
    const ms = await measure(rounds, async () => {
      files = (await parseTree(place, environment, new Map(answers), root)).files.length;
    });
    tell(`parse from ${root}: ${ms.toFixed(1)} ms, ${files} files, ${(ms / files).toFixed(2)} ms a file`);
  }
  const judge = await Judge.build(tree, toolchain, 'x86_64', objtree, signal);
  const random = Array.from({ length: count }, (_, index): JudgeCase => ({ name: '', option: '--randconfig', environment: { KCONFIG_SEED: String(index + 1) }, input: null }));
  await compare('a whole random configuration', (await judge.run(random)).flatMap(({ config }) => config ?? []));
  const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
  const candidates = (await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, ['x86_64'])).candidates(1, null);
  await compare('a candidate', Array.from({ length: count }, () => formatRequests(candidates.next().value as Candidate)));

  /** Reads, evaluates and writes each text on both sides. */
  async function compare(what: string, texts: readonly string[]): Promise<void> {
    const started = performance.now();
    await judge.run(texts.map((input): JudgeCase => ({ name: '', option: '--olddefconfig', environment: {}, input })));
    const theirs = (performance.now() - started) / texts.length;
    const resolver = new Resolver(model);
    for (const text of texts) resolver.resolveText(text);
    let at = 0;
    const ours = await measure(texts.length * rounds, () => resolver.resolveText(texts[at++ % texts.length] ?? ''));
    tell(`resolve ${what}: ${ours.toFixed(1)} ms; conf with memoized probes: ${theirs.toFixed(0)} ms; ratio ${(theirs / ours).toFixed(0)}`);
  }
  tell(`memory: ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB`);
} finally {
  await rm(objtree, { recursive: true, force: true });
}

/** The median time of one call, in milliseconds of this process. */
async function measure(times: number, run: () => unknown): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    taken.push((user + system) / 1000);
  }
  return taken.sort((left, right) => left - right)[Math.floor(times / 2)] ?? 0;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
