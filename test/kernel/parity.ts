import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../../src/kconfig/explain.ts';
import { formatExplanation } from '../../src/kconfig/format-explanation.ts';
import { loadModel } from '../../src/kconfig/load.ts';
import type { Model } from '../../src/kconfig/model.ts';
import { KeptOutput } from '../../src/kconfig/output.ts';
import { parseLine } from '../../src/kconfig/read.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import { locateCache } from '../../src/tree/cache.ts';
import { probeToolchain } from '../../src/tree/probe-tools.ts';
import type { Arch, Toolchain, Tree } from '../../src/tree/records.ts';
import { openTree } from '../../src/tree/open.ts';
import { openToolchain } from '../../src/tree/toolchain.ts';
import { defconfigCases, fixedCases, type ParityCase, randomCase, reloadCase } from './parity-cases.ts';
import { Judge, type JudgeResult } from './parity-judge.ts';

/*
 * npm run parity -- [--tree DIR|debian:linux-source-7.2] --arch ARCH [--seeds N] [--first-seed S] [--toolchain-root DIR] [--cache DIR]
 *
 * Compares the front end with the kernel's own conf: the four all-configs, every defconfig of the architecture, and N
 * randconfigs, each reproduced from its seed and reloaded; texts and warnings both. Exit code 0 only when all agree.
 */

const batch = 10;
const debianPath = ['/usr/lib/llvm-22/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin'];

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: 'debian:linux-source-7.3' },
    arch: { type: 'string', default: 'x86_64' },
    seeds: { type: 'string', default: '300' },
    'first-seed': { type: 'string', default: '1' },
    'toolchain-root': { type: 'string' },
    cache: { type: 'string', default: locateCache(process.env) },
  },
});

/** Counts what agreed, and tells of what did not. */
class Tally {
  agreed = 0;
  differed = 0;

  /** The first difference is explained, as far as the front end itself knows why. */
  note(name: string, judged: JudgeResult, ours: JudgeResult, model?: Model): void {
    const difference = firstDifference(judged, ours);
    if (difference === null) {
      this.agreed++;
      return;
    }
    this.differed++;
    say(`differs: ${name}: ${difference.words}`);
    if (this.differed > 1 || !model || difference.symbol === null) return;
    const resolver = new Resolver(model);
    resolver.resolveText(judged.config ?? '');
    say(`kinfuzz sees, on reading what conf wrote:\n${formatExplanation(explain(resolver.evaluation(), difference.symbol))}`);
  }
}

const stop = new AbortController();
// Not `once`: execa ends the process by the signal where nobody listens any more.
process.on('SIGINT', () => stop.abort());
process.exitCode = await main();

async function main(): Promise<number> {
  const setUp = { cache: values.cache, mayInstall: true, mirror: null, say, signal: stop.signal };
  const isDebian = values.tree.startsWith('debian:');
  const directory = isDebian ? (await openTree(setUp, values.tree, '')).tree.directory : resolve(values.tree);
  const arch = values.arch as Arch;
  const toolchain = await chooseToolchain();
  const tree: Tree = { kind: 'kernel', spec: directory, directory, version: null, fingerprint: '' };
  const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-parity-'));
  try {
    const judge = await Judge.build(tree, toolchain, arch, objtree, stop.signal);
    const output = new KeptOutput();
    const loaded = await loadModel({ tree, toolchain, arch, cache: values.cache, signal: stop.signal, output });
    const { model } = loaded;
    say(`${arch}: ${model.symbols.length} symbols, ${model.files.length} files, ${loaded.probesRun} new probes`);
    const tally = new Tally();
    compareProbes(await judge.answers(), loaded.answers, tally);
    await compareAll(judge, model, output.err, [...fixedCases(), ...(await defconfigCases(directory, loaded.environment['SRCARCH'] ?? arch))], tally);
    const first = Number(values['first-seed']);
    const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index);
    for (let at = 0; at < seeds.length; at += batch) {
      await compareAll(judge, model, output.err, seeds.slice(at, at + batch).map(randomCase), tally);
    }
    say(`${arch}: ${tally.agreed} agreed, ${tally.differed} differed`);
    return tally.differed === 0 ? 0 : 1;
  } finally {
    await rm(objtree, { recursive: true, force: true });
  }
}

/** Runs cases on both sides, and then reloads what the judge wrote, on both sides again. */
async function compareAll(judge: Judge, model: Model, parseMessages: string, cases: readonly ParityCase[], tally: Tally): Promise<void> {
  const results = await compare(cases);
  const resolver = new Resolver(model);
  await compare(
    cases.flatMap(({ judged: { name } }, index) => {
      const config = results[index]?.config;
      return typeof config === 'string' ? [reloadCase(name, config, resolver, `parity/${index}`)] : [];
    }),
  );

  async function compare(some: readonly ParityCase[]): Promise<JudgeResult[]> {
    const theirs = await judge.run(some.map(({ judged }) => judged));
    some.forEach(({ judged: { name }, compute }, index) => {
      const ours = compute(model);
      tally.note(name, theirs[index] as JudgeResult, { config: ours.config, messages: parseMessages + ours.messages }, model);
    });
    return theirs;
  }
}

function compareProbes(judged: ReadonlyMap<string, string>, ours: ReadonlyMap<string, { stdout: string }>, tally: Tally): void {
  for (const [command, answer] of judged) {
    const own = ours.get(command)?.stdout ?? null;
    tally.note(`probe ${command}`, { config: answer, messages: '' }, { config: own, messages: '' });
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

type Difference = { words: string; symbol: string | null };

function firstDifference(judged: JudgeResult, ours: JudgeResult): Difference | null {
  if (judged.config !== ours.config) return differingLine(judged.config ?? '', ours.config ?? '');
  if (judged.messages === ours.messages) return null;
  return { words: `warnings: ${differingLine(judged.messages, ours.messages).words}`, symbol: null };
}

/** The first line that is not the same, and the symbol it is about. */
function differingLine(judged: string, ours: string): Difference {
  const [theirs, own] = [judged.split('\n'), ours.split('\n')];
  const index = theirs.findIndex((line, at) => line !== own[at]);
  const at = index < 0 ? theirs.length : index;
  const entry = [theirs[at], own[at]].map((line) => parseLine(line ?? '', 'CONFIG_')).find((found) => typeof found !== 'string');
  const symbol = entry && typeof entry !== 'string' ? entry.name : null;
  const lines = `line ${at + 1}: conf has ${JSON.stringify(theirs[at] ?? null)}, kinfuzz ${JSON.stringify(own[at] ?? null)}`;
  return { words: symbol === null ? lines : `${symbol}: ${lines}`, symbol };
}

async function chooseToolchain(): Promise<Toolchain> {
  const root = values['toolchain-root'];
  if (root === undefined) {
    const setUp = { cache: values.cache, mayInstall: true, mirror: null, say, signal: stop.signal };
    return openToolchain(setUp, 'debian', 'kernel', true);
  }
  const env = { LIBCLANG_PATH: '/usr/lib/llvm-22/lib' };
  return probeToolchain({ kind: 'debian', root: resolve(root), path: debianPath, env, isSandboxed: true }, null, stop.signal);
}
