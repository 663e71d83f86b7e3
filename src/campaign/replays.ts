import type { Case } from '../corpus/cases.ts';
import { type Config, parseConfig, valueOf } from '../kconfig/config.ts';
import type { Journal } from '../engine/journal.ts';
import type { Candidate, LostRequest } from '../sampler/records.ts';
import type { Sampler } from '../sampler/sampler.ts';
import { formatWhyNot } from '../space/possible.ts';
import { type Choices, listRequests } from '../space/requests.ts';
import type { Arch } from '../tree/records.ts';
import { isOpen, type NightFinding, type Replay, type Shown } from '../verdict/night.ts';
import type { Verdict } from '../verdict/records.ts';
import type { PassName } from '../property/contract.ts';
import type { ReplayedCase } from '../report/replay.ts';
import type { Space } from '../space/schema.ts';

/** A configuration that once showed failures, to be judged again. `config`: its text. */
export type Rerun = { replay: { candidate: Candidate; passes: PassName[] }; space: Space; signatures: string[]; shown: Shown; config: string };

/**
 * The configurations that earlier nights' open findings were seen with, each once, below the indices that a run has for
 * cases. One whose text is lost is left out, and so is a failure that a case of the same architecture stands for.
 */
export function listReruns(findings: readonly NightFinding[], { sampler, cases, textOf }: { sampler: Sampler; cases: readonly Case[]; textOf: (hash: string) => string | null }): Rerun[] {
  const reruns = new Map<string, Rerun>();
  for (const { signature, shown } of findings.filter(isOpen)) {
    for (const one of shown.filter(({ arch }) => sampler.drawers.has(arch) && !cases.some((other) => other.signature === signature && other.arch === arch))) {
      const known = reruns.get(one.config);
      const config = textOf(one.config);
      if (known) known.signatures.push(signature);
      else if (config !== null) reruns.set(one.config, { signatures: [signature], shown: one, config, space: sampler.space, replay: { passes: one.passes, candidate: makeCandidate(sampler, one, parseConfig(config), -1 - cases.length - reruns.size) } });
    }
  }
  return [...reruns.values()];
}

/** What the space wants for these values it insists on; the rest of the configuration it asks for. */
function makeCandidate(sampler: Sampler, { arch, choices, seed }: Shown, config: Config, index: number): Candidate {
  const requested = listRequests(sampler.space, arch, choices).requests.filter(({ symbol, value }) => valueOf(config, symbol) === value);
  const isRequested = new Set(requested.map(({ symbol }) => symbol));
  const fill = Object.entries(config).filter(([symbol]) => !isRequested.has(symbol)).map(([symbol, value]) => ({ symbol, value, from: 'replay' }));
  return { index, runSeed: 0, cover: 0, arch, choices, requested, wished: [], fill, replays: seed };
}

/** What became of them, for each failure that they were to show. Those that the run did not come to are not told. */
export function judgeReruns(reruns: readonly Rerun[], sampler: Sampler, journal: Pick<Journal, 'verdicts' | 'config'>): Replay[] {
  const verdicts = new Map(journal.verdicts().map((verdict) => [verdict.index, verdict]));
  return reruns.flatMap(({ replay: { candidate }, signatures, shown, config }) => {
    const verdict = verdicts.get(candidate.index);
    if (verdict === undefined) return [];
    const fate = judgeRerun(verdict, sampler, shown, config, journal.config(verdict.config));
    return signatures.map((signature): Replay => ({ signature, arch: shown.arch, ...fate }));
  });
}

/** What became of a case, as of a configuration that is judged again. */
export function judgeReplayed({ one: { signature, arch }, verdict, lost, outcome }: ReplayedCase): Replay {
  if (outcome.kind === 'unjudged') return { signature, arch, kind: 'unjudged', why: outcome.why };
  if (outcome.kind === 'unreachable') return { signature, arch, kind: 'impossible', why: lost.map(({ symbol, value, why }) => `${symbol}=${value}: ${why}`).join('; ') };
  return { signature, arch, kind: 'judged', verdict, changed: [] };
}

type Fate = Replay extends infer R ? (R extends Replay ? Omit<R, 'signature' | 'arch'> : never) : never;

function judgeRerun(verdict: Verdict, sampler: Sampler, { arch, choices }: Shown, before: string, now: string | null): Fate {
  if (verdict.verdict === 'dropped') return { kind: 'impossible', why: explainLoss(sampler, arch, choices, verdict.dropped) };
  if (verdict.fault !== null || now === null) return { kind: 'unjudged', why: verdict.fault?.code ?? 'its configuration could not be resolved' };
  return { kind: 'judged', verdict, changed: listChanged(sampler, arch, parseConfig(before), parseConfig(now)) };
}

/** The lines that forbid the values, where these are what cannot be had. */
function explainLoss(sampler: Sampler, arch: Arch, choices: Choices, dropped: readonly LostRequest[]): string {
  const { possibilities } = sampler.drawer(arch);
  const isKnown = Object.entries(choices).every(([axis, value]) => sampler.space.axes[axis]?.[value] !== undefined);
  const narrowed = isKnown ? possibilities.narrow(choices) : null;
  if (narrowed !== null) return formatWhyNot(possibilities.whyNot(narrowed));
  return dropped.map(({ symbol, value, effective, from }) => `${symbol}=${value} became ${effective} (${from})`).join('; ');
}

/** Options that somebody can set, or that were on and that the tree has no more, with another value than they had. */
function listChanged(sampler: Sampler, arch: Arch, before: Config, now: Config): string[] {
  const { model } = sampler.drawer(arch).possibilities;
  return Object.keys(before).filter((symbol) => {
    if (valueOf(before, symbol) === valueOf(now, symbol)) return false;
    const known = model.symbols[model.names.get(symbol) ?? -1];
    return known === undefined ? valueOf(before, symbol) !== 'n' : known.properties.some(({ type }) => type === 'prompt') || known.isMember;
  });
}
