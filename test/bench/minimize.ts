import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArtifacts } from '../../src/artifact/open.ts';
import { listClues } from '../../src/campaign/minimize.ts';
import { loadCases } from '../../src/corpus/cases.ts';
import { checkCandidate } from '../../src/engine/check.ts';
import { type Config, formatFragment, parseConfig } from '../../src/kconfig/config.ts';
import { loadModel } from '../../src/kconfig/load.ts';
import { isLogical, menusBelow, type Model } from '../../src/kconfig/model.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { type Assignment, Resolver } from '../../src/kconfig/resolver.ts';
import { Difference, type Element } from '../../src/minimize/difference.ts';
import { minimize } from '../../src/minimize/minimize.ts';
import type { Outcome } from '../../src/minimize/records.ts';
import { weigh } from '../../src/minimize/suspicion.ts';
import { planBuild } from '../../src/pipeline/embedded/plan.ts';
import type { KernelMutant, Mutant, Property } from '../../src/property/contract.ts';
import { loadKernelMutants, loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties } from '../../src/property/runner.ts';
import { formatRequests } from '../../src/sampler/requests.ts';
import { openSampler, type Sampler } from '../../src/sampler/sampler.ts';
import { loadSpace } from '../../src/space/load.ts';
import { mentionedSymbols } from '../../src/space/requests.ts';
import { locateCache, type SetUp } from '../../src/tree/cache.ts';
import { editTree } from '../../src/tree/edit.ts';
import { openTree } from '../../src/tree/open.ts';
import type { Arch, Toolchain, Tree } from '../../src/tree/records.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { hashText } from '../../src/util/hash.ts';
import { type Jobserver, openJobserver } from '../../src/util/jobserver.ts';
import { openRandom } from '../../src/util/random.ts';
import { decideJudgements } from '../../src/verdict/decide.ts';
import type { SignedFailure, Verdict } from '../../src/verdict/records.ts';
import { ddmin, dropChunks, type Fails } from '../minimize/peers.ts';
import { buildOnHost, embeddedTree, hostToolchain, withDirectory } from '../support/toolchain.ts';

/*
 * npm run bench [-- FILE]
 *
 * What minimizing costs, in builds: ours, ddmin as it was published, ddmin with results kept by resolved configuration,
 * and syzkaller's way. First mutants of the embedded tree: ours is really built; of the others' trials, what was not built for
 * ours is taken to fail where it has the cause that ours found, unless KINFUZZ_BENCH_BUILD has everything built. How often
 * builds were not as the cause predicts is told. KINFUZZ_BENCH=planned builds nothing: a mutant counts as caught where it changes the plan. FILE keeps what was built for the next time.
 * KINFUZZ_EVIDENCE=FOLDER: what the kernel's defects say counts too, from files of repro --json there.
 * KINFUZZ_BENCH=kernel: three mutants of Linux 7.3 alone, ours really built, which takes an hour or so.
 * Then Linux 7.3: the defects that corpus/cases remembers, in dense candidates, and differences of 10, 100 and 1,000 options and made-up causes, where nothing is built.
 */

const signal = new AbortController().signal;
const setUp: SetUp = { cache: locateCache(process.env), mayInstall: true, mirror: null, say: tell, signal };
const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
const file = process.argv[2] ?? null;
const isBuilt = process.env['KINFUZZ_BENCH'] !== 'planned';
const isWholeBuilt = process.env['KINFUZZ_BENCH_BUILD'] !== undefined || !isBuilt;
const kept = new Map<string, Built>(file !== null && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as [string, Built][]) : []);

/** What a configuration showed, and how long that took. */
type Built = { failures: SignedFailure[]; ms: number };
/** A failing configuration and its base; `built` builds, or looks up. */
type Case = { name: string; difference: Difference; causes: string; weigh: (elements: readonly Element[]) => Map<string, number>; fails: (config: string) => Promise<boolean>; ms: (key: string) => number };

/** What failures of the kernel say, by signature, where `kinfuzz repro --json` has written it to files of this folder. */
const evidence = readEvidence(process.env['KINFUZZ_EVIDENCE']);
/** Mutants that show under some option alone, and what their properties have to look at. */
const ofOptions: Record<string, Record<string, string>> = {
  'crates-with-lto': { LTO_CLANG_FULL: 'y', SAMPLE_RUST_MINIMAL: 'm' },
  'helpers-with-debug-info': { DEBUG_INFO_DWARF5: 'y' },
  'split-debug-units': { DEBUG_INFO_BTF: 'y', SAMPLE_RUST_MINIMAL: 'm' },
};
/** What was built for a configuration, by its hash. */
const times = new Map<string, string>();
const spoken = await readSpoken();
if (process.env['KINFUZZ_BENCH'] === 'kernel') await benchKernelMutants();
else if (process.env['KINFUZZ_BENCH'] !== 'synthetic') await benchMutants();
if (process.env['KINFUZZ_BENCH'] !== 'mutants' && process.env['KINFUZZ_BENCH'] !== 'kernel' && isBuilt) {
  await benchDefects();
  await benchSynthetic();
}

async function benchMutants(): Promise<void> {
  const { tree } = await openTree(setUp, 'embedded', embeddedTree.directory);
  const toolchain = await openToolchain(setUp, 'host', 'embedded', true);
  const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, ['x86_64', 'arm64']);
  const properties = await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)));
  const mutants = await loadMutants(fileURLToPath(new URL('../../properties/mutants', import.meta.url)));
  const rows: Row[] = [];
  for (const mutant of mutants) {
    const property = properties.find(({ name }) => name === mutant.property) as Property;
    if (property.needs !== undefined || isOnBase(mutant)) continue;
    const found = await openMutant(sampler, mutant, property);
    if (found !== null) rows.push(await compare(found));
  }
  tellTotal(rows);
}

/** Whether a mutant shows wherever helpers are inlined: then its base fails, and there is nothing to find. */
function isOnBase({ needs }: Mutant): boolean {
  return Object.keys(needs).every((symbol) => ['RUST_INLINE_HELPERS', 'ARM64', 'X86_64', 'MODULES'].includes(symbol)) && !needs['MODULES'];
}

async function openMutant(sampler: Sampler, mutant: Mutant, property: Property): Promise<Case | null> {
  const arch: Arch = mutant.needs['ARM64'] ? 'arm64' : 'x86_64';
  const { model } = sampler.drawer(arch).possibilities;
  const resolver = new Resolver(model);
  for (const candidate of sampler.candidates(7, [arch])) {
    if (candidate.index > 400) return null;
    const failing = resolver.resolveText(formatRequests(candidate)).config;
    if (!hasAll(parseConfig(failing), { ...mutant.needs, RUST_INLINE_HELPERS: 'y' })) continue;
    const built = await build(arch, failing, mutant, property);
    const [failure] = built.failures;
    if (failure === undefined) continue;
    const { signature } = failure;
    const difference = new Difference(model, baseOf(arch), failing);
    const base = await build(arch, difference.config([]), mutant, property);
    if (shows(base, signature)) {
      tell(`${mutant.name}: fails on the base`);
      return null;
    }
    return {
      name: mutant.name, difference, causes: Object.keys(mutant.needs).join(' '),
      weigh: await weigher(embeddedTree, arch, failure),
      fails: async (text) => shows(await build(arch, text, mutant, property), signature),
      ms: (config) => kept.get(times.get(config) ?? '')?.ms ?? 0,
    };
  }
  return null;
}

function readEvidence(folder: string | undefined): Map<string, SignedFailure> {
  if (folder === undefined) return new Map();
  const texts = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => readFileSync(join(folder, name), 'utf8')).filter((text) => text !== '');
  const failures = texts.flatMap((text) => (JSON.parse(text) as { verdict: Pick<Verdict, 'failures'> | null }).verdict?.failures ?? []);
  return new Map(failures.map((failure) => [failure.signature, failure]));
}

/** A failure that says nothing but its property. */
function bare(signature: string): SignedFailure {
  return { property: signature.split(':', 1)[0] ?? '', signature, summary: '', evidence: [] };
}

/** As a search weighs, but for what dependency files and earlier runs would say. */
async function weigher(tree: Tree, arch: Arch, failure: SignedFailure): Promise<Case['weigh']> {
  const clues = await listClues({ tree, arch }, failure);
  return (elements) => weigh(elements, { ...clues, dependencies: new Set(), mentioned: mentionedSymbols(space, arch), passing: [] });
}

function shows({ failures }: Built, signature: string): boolean {
  return failures.some((failure) => failure.signature === signature);
}

function baseOf(arch: Arch): Assignment[] {
  return Object.entries({ ...space.pins, ...space.arches[arch]?.pins, RUST_INLINE_HELPERS: 'y' }).map(([symbol, value]) => ({ symbol, value }));
}

async function build(arch: Arch, config: string, mutant: Mutant, property: Property): Promise<Built> {
  const key = `${mutant.name} ${await nameBuild(arch, config, mutant)}`;
  times.set(hashText(config), key);
  const known = kept.get(key);
  if (known) return known;
  if (!isBuilt) return { failures: (await isChanged(arch, config, mutant)) ? [bare(mutant.property)] : [], ms: 0 };
  const started = performance.now();
  const { failures } = await withDirectory(async (objtree) => {
    const made = await buildOnHost({ arch, config, objtree, mutant, timeoutMs: 20 * 60_000 });
    if (made.outcome.kind !== 'succeeded' && made.outcome.kind !== 'failed') throw new Error(`the build ended as ${made.outcome.kind}`);
    return decideJudgements(await judgeBuild([property], { build: made, artifacts: openArtifacts(made, await hostToolchain(), signal) }));
  });
  return keep(key, failures, performance.now() - started);
}

function keep(key: string, failures: readonly SignedFailure[], ms: number): Built {
  const built = { failures: [...failures], ms: Math.round(ms) };
  kept.set(key, built);
  if (file !== null) writeFileSync(file, JSON.stringify([...kept]));
  return built;
}

/** Without builds: a mutant is caught where its needs are met and it changes what is executed. */
async function isChanged(arch: Arch, text: string, mutant: Mutant): Promise<boolean> {
  const config = parseConfig(text);
  const plan = planBuild({ arch, config, source: '/src', hasObjtool: (await hostToolchain()).tools.objtool !== undefined });
  return hasAll(config, mutant.needs) && JSON.stringify(mutant.apply(plan)) !== JSON.stringify(plan);
}

/**
 * One name for configurations that the embedded pipeline cannot tell apart: the same commands, and the same values of what the
 * sources, the generators and the properties mention. Ways of minimizing do not know it; it spares the bench builds that give the same again.
 */
async function nameBuild(arch: Arch, text: string, mutant: Mutant): Promise<string> {
  const config = parseConfig(text);
  const plan = planBuild({ arch, config, source: '/src', hasObjtool: (await hostToolchain()).tools.objtool !== undefined });
  return hashText(JSON.stringify([arch, mutant.apply(plan), [...spoken].map((symbol) => config[symbol] ?? 'n')])).slice(0, 32);
}

/** Words in capitals: whatever could be a symbol. */
async function readSpoken(): Promise<Set<string>> {
  const folders = ['../../corpus/embedded', '../../properties', '../../src/property', '../../src/pipeline/embedded'].map((folder) => fileURLToPath(new URL(folder, import.meta.url)));
  const entries = (await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })))).flat();
  const texts = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('Kconfig')).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  return new Set(texts.flatMap((text) => text.match(/\b[A-Z0-9_]{2,}\b/g) ?? []).map((word) => word.replace(/^CONFIG_|_MODULE$/g, '')));
}

async function benchKernelMutants(): Promise<void> {
  const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
  const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, ['x86_64']);
  const properties = await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)));
  const mutants = await loadKernelMutants(fileURLToPath(new URL('../../properties/mutants/kernel', import.meta.url)));
  await mkdir(join(setUp.cache, 'work'), { recursive: true });
  const work = mkdtempSync(join(setUp.cache, 'work', `${process.pid}-bench-`));
  const jobserver = await openJobserver(join(work, 'jobserver'), availableParallelism());
  const rows: Row[] = [];
  for (const mutant of mutants) {
    const wanted = ofOptions[mutant.name];
    const property = properties.find(({ name }) => name === mutant.property);
    if (wanted === undefined || property === undefined) continue;
    const edited = await editTree(tree, mutant.edits, join(work, mutant.name));
    if ('misfit' in edited) throw new Error(edited.misfit);
    rows.push(await compare(await openKernelMutant(sampler, { mutant, wanted, property, tree: edited, toolchain, work, jobserver: jobserver.jobserver })));
  }
  sampler.close();
  await jobserver.close();
  rmSync(work, { recursive: true, force: true });
  tellTotal(rows);
}

type KernelCase = { mutant: KernelMutant; wanted: Record<string, string>; property: Property; tree: Tree; toolchain: Toolchain; work: string; jobserver: Jobserver };

async function openKernelMutant(sampler: Sampler, one: KernelCase): Promise<Case> {
  const { model } = sampler.drawer(one.mutant.arch).possibilities;
  const resolver = new Resolver(model);
  for (const { fill, ...candidate } of sampler.candidates(1, [one.mutant.arch])) {
    if (fill.length < 40) continue;
    const failing = resolver.resolveText(formatRequests({ ...candidate, fill })).config;
    if (!hasAll(parseConfig(failing), { ...one.wanted, RUST_INLINE_HELPERS: 'y' })) continue;
    const built = await buildKernel(one, failing);
    const [failure] = built.failures;
    if (failure === undefined) throw new Error(`${one.mutant.name}: #${candidate.index} does not show it`);
    const difference = new Difference(model, baseOf(one.mutant.arch), failing);
    if (shows(await buildKernel(one, difference.config([])), failure.signature)) throw new Error(`${one.mutant.name} fails on the base`);
    return {
      name: `${one.mutant.name} in #${candidate.index}`, difference, causes: Object.keys(one.wanted).join(' '),
      weigh: await weigher(one.tree, one.mutant.arch, failure),
      fails: async (text) => shows(await buildKernel(one, text), failure.signature),
      ms: (config) => kept.get(times.get(config) ?? '')?.ms ?? 0,
    };
  }
  throw new Error(`no candidate has what ${one.mutant.name} needs`);
}

async function buildKernel({ mutant, property, tree, toolchain, work, jobserver }: KernelCase, config: string): Promise<Built> {
  const key = `${mutant.name} ${hashText(config)}`;
  times.set(hashText(config), key);
  const known = kept.get(key);
  if (known) return known;
  const started = performance.now();
  const fill = Object.entries(parseConfig(config)).map(([symbol, value]) => ({ symbol, value, from: 'bench' }));
  const { verdict } = await checkCandidate(
    {
      tree, toolchain, space, candidate: { index: 0, runSeed: 0, cover: 0, arch: mutant.arch, choices: {}, requested: [], wished: [], fill },
      work: join(work, 'build'), jobserver, timeoutMs: 20 * 60_000, keep: false, cache: setUp.cache, certifyEvery: Number.MAX_SAFE_INTEGER, passes: [], known: [], isTrial: true,
    },
    { properties: [property], signal, onStage: () => {} },
  );
  if (verdict.verdict !== 'passed' && verdict.verdict !== 'failed') throw new Error(`the build ended as ${verdict.verdict}: ${verdict.fault?.message}`);
  return keep(key, verdict.failures, performance.now() - started);
}

async function benchSynthetic(): Promise<void> {
  const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
  const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  const { model } = await loadModel({ tree, toolchain, arch: 'x86_64', cache: setUp.cache, signal, output: new KeptOutput() });
  for (const size of [10, 100, 1000]) {
    const difference = makeDifference(model, size);
    const rows: Row[] = [];
    for (const count of [1, 2, 3]) for (let seed = 1; seed <= 3; seed += 1) rows.push(await compare(makeCase(difference, count, seed)));
    tellTotal(rows);
  }
}

/** Defects of the kernel that corpus/cases remembers, among what is drawn beside them; what a case says is the cause. */
async function benchDefects(): Promise<void> {
  const { tree } = await openTree(setUp, 'debian:linux-source-7.3', '');
  const toolchain = await openToolchain(setUp, 'debian', 'kernel', true);
  const sampler = await openSampler({ tree, toolchain, cache: setUp.cache, signal }, space, ['x86_64', 'arm64']);
  const rows: Row[] = [];
  for (const { name, arch, signature, assignments } of await loadCases('corpus')) {
    // What a case builds to have something to look at is no cause.
    const wanted = Object.fromEntries(Object.entries(parseConfig(assignments)).filter(([symbol]) => !symbol.startsWith('SAMPLE_')));
    const resolver = new Resolver(sampler.drawer(arch).possibilities.model);
    const base = resolver.resolveText(formatFragment(baseOf(arch).map(({ symbol, value }) => [symbol, value]))).config;
    if (!hasAll(parseConfig(base), wanted)) rows.push(...(await benchDefect(name, { tree, sampler, arch, signature, wanted })));
  }
  sampler.close();
  tellTotal(rows);
}

type Defect = { tree: Tree; sampler: Sampler; arch: Arch; signature: string; wanted: Record<string, string> };

async function benchDefect(name: string, { tree, sampler, arch, signature, wanted }: Defect): Promise<Row[]> {
  const { model } = sampler.drawer(arch).possibilities;
  const resolver = new Resolver(model);
  const rows: Row[] = [];
  for (const { index, fill, ...candidate } of sampler.candidates(1, [arch])) {
    if (fill.length < 40) continue;
    const failing = resolver.resolveText(`${formatRequests({ ...candidate, fill })}\n${formatFragment(Object.entries(wanted))}`).config;
    if (!hasAll(parseConfig(failing), wanted)) continue;
    rows.push(await compare({
      name: `${name} in #${index}`, difference: new Difference(model, baseOf(arch), failing), causes: Object.entries(wanted).map(([symbol, value]) => `${symbol}=${value}`).join(' '),
      weigh: await weigher(tree, arch, evidence.get(signature) ?? bare(signature)),
      fails: (config) => Promise.resolve(hasAll(parseConfig(config), wanted)),
      ms: () => 0,
    }));
    if (rows.length === 3) break;
  }
  return rows;
}

/** A configuration that differs from the base by about so many options, drawn from all. */
function makeDifference(model: Model, size: number): Difference {
  const base = baseOf('x86_64');
  const resolver = new Resolver(model);
  const held = base.map(({ symbol, value }): [string, string] => [symbol, value]);
  const start = parseConfig(resolver.resolveText(formatFragment(held)).config);
  const prompts = [...menusBelow(model.root)].flatMap(({ symbol, prompt }) => (symbol?.name && prompt && isLogical(symbol.type) && !Object.hasOwn(Object.fromEntries(held), symbol.name) ? [symbol.name] : []));
  let asked: [string, string][] = [];
  const step = Math.ceil(size / 5);
  const drawn = openRandom(size).shuffle([...new Set(prompts)]);
  for (let at = 0; at < drawn.length; at += step) {
    const more = [...asked, ...drawn.slice(at, at + step).map((name): [string, string] => [name, start[name] === 'y' ? 'n' : 'y'])];
    const config = parseConfig(resolver.resolveText(formatFragment([...held, ...more])).config);
    if (!hasAll(config, Object.fromEntries(held))) continue;
    asked = more;
    if (asked.filter(([name, value]) => config[name] === value).length >= size) break;
  }
  return new Difference(model, base, formatFragment([...held, ...asked]));
}

/** Some of the elements together are the cause. */
function makeCase(difference: Difference, count: number, seed: number): Case {
  const causes = openRandom(seed * 10 + count).shuffle(difference.elements).slice(0, count);
  const wanted = Object.fromEntries(causes.map(({ symbol, value }) => [symbol, value]));
  return {
    name: `${count} causes, ${seed}`, difference, causes: Object.entries(wanted).map(([symbol, value]) => `${symbol}=${value}`).join(' '),
    weigh: (elements) => new Map(elements.map(({ symbol }) => [symbol, 1])),
    fails: (config) => Promise.resolve(hasAll(parseConfig(config), wanted)),
    ms: () => 0,
  };
}

function hasAll(config: Config, wanted: Record<string, string>): boolean {
  return Object.entries(wanted).every(([symbol, value]) => (config[symbol] ?? 'n') === value);
}

/** `chunks` is null where that way cannot do it. */
type Row = { ours: number; parallel: number; ddmin: number; cached: number; chunks: number | null };

/** Builds that each way takes, the failing configuration and the base not counted: all ways need these two. */
async function compare({ name, difference, causes, weigh: weights, fails: ask, ms }: Case): Promise<Row> {
  const { elements } = difference;
  const real = new Map<string, boolean>();
  let fails = async (config: string) => {
    const known = real.get(config) ?? (await ask(config));
    real.set(config, known);
    return known;
  };
  const started = performance.now();
  const own = await minimizeOurselves(1);
  const spent = performance.now() - started;
  const cause = parseConfig(difference.config(own.found));
  const wanted = Object.fromEntries(own.found.map(({ symbol }) => [symbol, cause[symbol] ?? 'n']));
  const predict = (config: string) => hasAll(parseConfig(config), wanted);
  const wrong = [...real].filter(([config, answer]) => predict(config) !== answer).length;
  if (!isWholeBuilt) fails = (config) => Promise.resolve(real.get(config) ?? predict(config));
  const parallel = await minimizeOurselves(2);
  const asPublished = await count(ddmin, (set) => set, (set) => set.map(({ symbol }) => symbol).sort().join());
  const byConfig = await count(ddmin, (set) => set, (set) => difference.keyOf(set));
  // Options that are on in the failing configuration alone, with what they depend on; values are always taken over, and what is off stays as it is.
  const isOn = ({ value, base }: Element) => value === 'y' || (value === 'm' && base === 'n');
  const others = elements.filter(({ value }) => !['y', 'm', 'n'].includes(value));
  const withOthers = (set: readonly Element[]) => difference.complete([...set, ...others]);
  const canDrop = await fails(difference.config(withOthers(elements.filter(isOn))));
  const chunks = canDrop ? await count(dropChunks, withOthers, (set) => set.map(({ symbol }) => symbol).sort().join(), elements.filter(isOn)) : null;
  const show = ({ trials, found, time }: { trials: number; found: readonly Element[]; time: number }) => `${trials}${time > 0 ? ` (${(time / 1000).toFixed(0)} s)` : ''} -> ${found.length}`;
  tell([
    `${name}: ${elements.length} elements, cause ${causes}`,
    `  ours ${show(own)}${own.isMinimal ? '' : ' NOT MINIMAL'}; two at once ${show(parallel)}; ddmin ${show(asPublished)}; ddmin by config ${show(byConfig)}; syzkaller's ${chunks === null ? 'cannot: it takes options that are off' : show(chunks)}; ${(spent / 1000).toFixed(1)} s in all; ${real.size} configurations ${isBuilt && ms(hashText([...real.keys()][0] ?? '')) > 0 ? 'built' : 'judged'}, ${wrong} of them not as the cause predicts`,
    `  ${own.found.map(({ symbol, value }) => `${symbol}=${value}`).join(' ')}`,
  ].join('\n'));
  return { ours: own.trials, parallel: parallel.trials, ddmin: asPublished.trials, cached: byConfig.trials, chunks: chunks?.trials ?? null };

  async function minimizeOurselves(width: number) {
    const byName = weights(elements);
    const weightOf = ({ symbol }: Element) => byName.get(symbol) ?? 1;
    const known = new Map<string, Outcome>([[difference.keyOf(elements), 'fails'], [difference.keyOf([]), 'passes']]);
    let time = 0;
    const minimal = await minimize<Element>({
      elements: [...elements].sort((left, right) => weightOf(right) - weightOf(left)), weightOf, known, width, retries: 0, onProgress: () => {},
      complete: (set) => difference.complete(set), keyOf: (set) => difference.keyOf(set),
      async test({ elements: set, key }) {
        const outcome = (await fails(difference.config(set))) ? 'fails' : 'passes';
        time += ms(key) / width;
        return outcome;
      },
    });
    await requireMinimal(minimal.elements);
    return { trials: minimal.trials, found: minimal.elements, isMinimal: minimal.isMinimal, time };
  }

  async function requireMinimal(set: readonly Element[]): Promise<void> {
    const isWhole = await fails(difference.config(set));
    for (const without of set) if (await fails(difference.config(set.filter((element) => element !== without)))) throw new Error(`${without.symbol} can go`);
    if (!isWhole) throw new Error('what was found does not fail');
  }

  async function count(way: (set: readonly Element[], ask: Fails<Element>) => Promise<readonly Element[]>, complete: (set: readonly Element[]) => readonly Element[], nameOf: (set: readonly Element[]) => string, all = elements) {
    const answers = new Map([[nameOf(elements), true], [nameOf([]), false]]);
    let time = 0;
    let trials = 0;
    const found = await way(all, async (set) => {
      const key = nameOf(set);
      const known = answers.get(key);
      if (known !== undefined) return known;
      const config = difference.config(complete(set));
      const answered = await fails(config);
      answers.set(key, answered);
      trials += 1;
      time += ms(hashText(config));
      return answered;
    });
    return { trials, found, time };
  }
}

function tellTotal(rows: readonly Row[]): void {
  const sum = (of: (row: Row) => number, some = rows) => some.reduce((total, row) => total + of(row), 0);
  const ours = sum((row) => row.ours);
  const dropped = rows.filter(({ chunks }) => chunks !== null);
  const beside = (what: string, builds: number, own = ours) => `${what} ${builds} (ratio ${(own / builds).toFixed(2)})`;
  tell(`${rows.length} cases, builds: ours ${ours}, ${beside('two at once', sum((row) => row.parallel))}, ${beside('ddmin', sum((row) => row.ddmin))}, ${beside('ddmin by config', sum((row) => row.cached))}, of ${dropped.length} that it can do ${beside("syzkaller's", sum((row) => row.chunks ?? 0), sum((row) => row.ours, dropped))}\n`);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
