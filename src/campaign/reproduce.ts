import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCandidate, type CheckTask, type Stage } from '../engine/check.ts';
import { formatFragment, parseConfig, valueOf } from '../kconfig/config.ts';
import { loadModel } from '../kconfig/load.ts';
import type { Model } from '../kconfig/model.ts';
import { KeptOutput } from '../kconfig/output.ts';
import { drawConfig, type RandomSeed, variablesOf } from '../kconfig/random-config.ts';
import { drawByJudge } from '../kconfig/resolve.ts';
import { Resolver } from '../kconfig/resolver.ts';
import { explainLost, type Lost } from '../kconfig/why-lost.ts';
import type { Mutant } from '../pipeline/records.ts';
import type { Property } from '../property/contract.ts';
import type { Candidate, Request } from '../sampler/records.ts';
import type { Space } from '../space/schema.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { formatExit, lastLines } from '../util/process.ts';
import { type Changed, compareVerdict, type Expected, listChanged, type Outcome } from '../verdict/compare.ts';
import type { Verdict } from '../verdict/records.ts';

/** Where a replay is made. */
export type ReplayPlace = Pick<CheckTask, 'tree' | 'toolchain' | 'space' | 'cache' | 'timeoutMs'> & { signal: AbortSignal };

/** A candidate, and what is known of it from before. */
export type Replay = {
  candidate: Candidate;
  /** Assignments of the user that this question is about: one that is lost makes another question of it. */
  needed: readonly Request[];
  expected: Expected | null;
  /** The configuration that it was; null where nothing tells. */
  before: Record<string, string> | null;
  /** First digits of its hash, where only a seed tells. */
  beforeHash: string | null;
};

export type Replayed = {
  outcome: Outcome;
  config: { text: string | null; hash: string; isSame: boolean | null; changed: Changed[]; lost: Lost[] };
  reasons: string[];
  verdict: Verdict | null;
};

/** What a check needs beside the place. */
export type ReplayMeans = Pick<CheckTask, 'work' | 'jobserver' | 'keep' | 'passes'> & { properties: readonly Property[]; onStage: (stage: Stage) => void; onlyResolve: boolean; mutant?: Mutant };

/**
 * The base of a fragment: the pins of the space for the architecture, the option on, unless the fragment says otherwise.
 */
export function pinsFor(space: Space, arch: Arch): Record<string, string> {
  return { ...space.pins, ...space.arches[arch]?.pins, RUST_INLINE_HELPERS: 'y' };
}

/** A fragment on the pins of a space, as text. */
export function formatOnPins(space: Space, arch: Arch, assignments: Readonly<Record<string, string>>): string {
  return formatFragment(Object.entries({ ...pinsFor(space, arch), ...assignments }));
}

/** A candidate that asks for these assignments in this order, and insists on none. */
export function candidateOf(arch: Arch, assignments: Record<string, string>): Candidate {
  const fill = Object.entries(assignments).map(([symbol, value]) => ({ symbol, value, from: 'given' }));
  return { index: 0, runSeed: 0, cover: 0, arch, choices: {}, requested: [], wished: [], fill };
}

/**
 * The configuration that `make randconfig` draws, by our front end and by the kernel's conf, whose word counts.
 * `isCertified`: whether they agree.
 */
export async function drawRandom({ tree, toolchain, cache, timeoutMs, signal }: ReplayPlace, arch: Arch, seed: RandomSeed, work: string): Promise<{ config: string; isCertified: boolean }> {
  const { model } = await loadModel({ tree, toolchain, arch, cache, signal, output: new KeptOutput() });
  const own = Buffer.from(drawConfig(model, seed), 'latin1').toString();
  const objtree = join(work, 'randconfig');
  await mkdir(objtree, { recursive: true });
  const judged = await drawByJudge({ tree, toolchain, arch, objtree, timeoutMs, signal }, variablesOf(seed));
  await rm(objtree, { recursive: true, force: true });
  if (judged.kind === 'failed') throw new InfraError('CONF_FAILED', `make randconfig ${formatExit(judged.exit)}: ${lastLines(judged.log, 5)}`);
  return { config: judged.config, isCertified: judged.config === own };
}

/** Resolves, builds and judges a candidate, and holds what comes of it against what is known. */
export async function replay(place: ReplayPlace, { candidate, needed, expected, before, beforeHash }: Replay, means: ReplayMeans): Promise<Replayed> {
  const { tree, toolchain, space, cache, timeoutMs, signal } = place;
  const lost = await findLost(place, candidate, needed);
  if (lost.reasons.length > 0) return { outcome: 'cannot-be-built', config: { text: null, hash: '', isSame: null, changed: [], lost: lost.all }, reasons: lost.reasons, verdict: null };
  const { work, jobserver, keep, passes, properties, onStage, onlyResolve, mutant } = means;
  // What is known is what a replay is to show.
  const task: CheckTask = { tree, toolchain, space, candidate, work, jobserver, timeoutMs, keep, onlyResolve, cache, certifyEvery: 1, passes, known: [] };
  const { verdict, config } = await checkCandidate(task, { properties, signal, onStage, ...(mutant ? { mutant } : {}) });
  const now = parseConfig(config ?? '');
  const changed = config !== null && before !== null ? listChanged(before, now) : [];
  const isSame = config === null ? null : before !== null ? changed.length === 0 : beforeHash === null ? null : verdict.config.startsWith(beforeHash);
  const reasons = verdict.verdict === 'dropped' ? await explainDropped(place, candidate, verdict) : [];
  return { outcome: compareVerdict(verdict, expected, isSame), config: { text: config, hash: verdict.config, isSame, changed, lost: lost.all }, reasons, verdict };
}

/** What of the user's assignments this tree does not give; `reasons` where that leaves nothing to build. */
async function findLost({ tree, toolchain, cache, signal }: ReplayPlace, candidate: Candidate, needed: readonly Request[]): Promise<{ all: Lost[]; reasons: string[] }> {
  if (candidate.fill.every(({ from }) => from !== 'given')) return { all: [], reasons: [] };
  const { model } = await loadModel({ tree, toolchain, arch: candidate.arch, cache, signal, output: new KeptOutput() });
  const resolver = new Resolver(model);
  const text = Buffer.from(formatFragment(candidate.fill.map(({ symbol, value }) => [symbol, value]))).toString('latin1');
  const effective = parseConfig(resolver.resolveText(text).config);
  const isAsked = ({ symbol, value }: Request) => value !== 'n' && (!resolver.isDefined(symbol) || hasPrompt(model, symbol));
  const all = explainLost(resolver, text, candidate.fill.filter((request) => request.from === 'given' && isAsked(request)), effective);
  const fatal = explainLost(resolver, text, needed, effective);
  const reasons = fatal.map(({ symbol, value, effective: now, why }) => `${symbol}=${value} became ${now}: ${why}`);
  if (reasons.length === 0 && valueOf(effective, 'RUST') !== 'y') {
    const [rust] = explainLost(resolver, text, [{ symbol: 'RUST', value: 'y' }], effective);
    reasons.push(`RUST is off in this configuration, so that there is nothing to judge${rust && candidate.fill.some(({ symbol, value }) => symbol === 'RUST' && value === 'y') ? `: ${rust.why}` : ''}`);
  }
  return { all, reasons };
}

/** What has no prompt is nobody's request: a whole `.config` tells it all the same. */
function hasPrompt({ names, symbols }: Model, name: string): boolean {
  return symbols[names.get(name) ?? 0]?.menus.some(({ prompt }) => prompt !== null) === true;
}

async function explainDropped({ tree, toolchain, cache, signal }: ReplayPlace, { arch, requested, wished, fill }: Candidate, { dropped }: Verdict): Promise<string[]> {
  const { model } = await loadModel({ tree, toolchain, arch, cache, signal, output: new KeptOutput() });
  const resolver = new Resolver(model);
  const text = Buffer.from(formatFragment([...requested, ...wished, ...fill].map(({ symbol, value }) => [symbol, value]))).toString('latin1');
  const effective = parseConfig(resolver.resolveText(text).config);
  const lost = explainLost(resolver, text, dropped, effective);
  return dropped.map(({ symbol, value, effective: now, from }) => `${symbol}=${value} (${from}) became ${now}: ${lost.find((other) => other.symbol === symbol)?.why ?? 'conf resolves it so'}`);
}

/** The tree and the toolchain as sentences, where they are not those of before. */
export function listDifferences(before: { tree: { name: string; fingerprint: string } | null; toolchain: { kind: string; fingerprint: string } | null }, now: { tree: Tree; toolchain: Toolchain }): string[] {
  const { tree, toolchain } = now;
  const differences: string[] = [];
  const isOf = (whole: string, given: string) => whole.startsWith(given) || given.startsWith(whole);
  if (before.tree !== null && !isOf(tree.fingerprint, before.tree.fingerprint)) differences.push(`the tree is ${tree.spec}${tree.version === null ? '' : ` ${tree.version}`} (${tree.fingerprint.slice(0, 8)}), it was ${before.tree.name} (${before.tree.fingerprint.slice(0, 8)})`);
  if (before.toolchain !== null && !isOf(toolchain.fingerprint, before.toolchain.fingerprint)) differences.push(`the toolchain is ${toolchain.kind} (${toolchain.fingerprint.slice(0, 8)}: ${toolchain.tools.clang?.version}, ${toolchain.tools.rustc?.version}), it was ${before.toolchain.kind} (${before.toolchain.fingerprint.slice(0, 8)})`);
  return differences;
}
