import type { Lost } from '../kconfig/why-lost.ts';
import type { Arch } from '../tree/records.ts';
import { type Changed, type Expected, failuresOf, type Outcome } from '../verdict/compare.ts';
import type { Verdict } from '../verdict/records.ts';
import { formatEvidence } from './text.ts';

/** What became of a replay: the one record of `repro --json`. */
export type Reproduction = {
  kind: 'reproduction';
  outcome: Outcome;
  /** What was taken, where it stood, and what else was there. */
  given: { kind: 'seed' | 'config' | 'random'; from: string; aside: string[] };
  arch: Arch | null;
  expected: Expected | null;
  /** Tree and toolchain, where they are not those of before. */
  differs: string[];
  /** `isSame`: null where nothing tells what it was. */
  config: { hash: string; isSame: boolean | null; changed: Changed[]; lost: Lost[] };
  /** Why it cannot be built here. */
  reasons: string[];
  /** Its `seed` is empty where none drew the configuration. */
  verdict: Verdict | null;
  exitCode: number;
};

export const outcomeWords: Record<Outcome, string> = {
  same: 'same',
  'same-failure-other-config': 'same failure, other config',
  'passes-now': 'passes now',
  'another-failure': 'another failure',
  'cannot-be-built': 'cannot be built here',
  fails: 'fails',
  passes: 'passes',
  'not-judged': 'not judged',
};

const shownSymbols = 40;
const shownEvidence = 6;

/** All that differs, the failures with their proof, and at the end the one word that answers the question. */
export function formatReproduction(reproduction: Reproduction): string {
  const { differs, config, verdict, reasons } = reproduction;
  const lines = differs.map((difference) => `differs: ${difference}`);
  lines.push(...formatConfigs(config));
  if (verdict !== null) lines.push(...formatFailures(verdict));
  for (const reason of reasons) lines.push(`  ${reason}`);
  lines.push(`${outcomeWords[reproduction.outcome]}: ${explainOutcome(reproduction)}`);
  return lines.join('\n');
}

/** Whether the configuration is that of before, and what of it is not. */
export function formatConfigs({ hash, isSame, changed, lost }: Reproduction['config']): string[] {
  if (hash === '') return [];
  if (isSame === true) return ['config: the same'];
  const lines = [isSame === null ? 'config: nothing to compare with' : `config: another; ${changed.length > 0 ? `${changed.length} symbols differ` : 'which symbols differ cannot be told: nothing here holds the old one'}`];
  if (isSame === false) {
    for (const { symbol, before, now } of changed.slice(0, shownSymbols)) lines.push(`  ${symbol}: ${before ?? 'absent'} -> ${now ?? 'absent'}`);
    if (changed.length > shownSymbols) lines.push(`  … and ${changed.length - shownSymbols} more (--json has all)`);
  }
  for (const { symbol, value, effective, why } of lost.slice(0, shownSymbols)) lines.push(`  asked for, and lost: ${symbol}=${value} became ${effective}: ${why}`);
  if (lost.length > shownSymbols) lines.push(`  … and ${lost.length - shownSymbols} more that were lost`);
  return lines;
}

function formatFailures(verdict: Verdict): string[] {
  return failuresOf(verdict).flatMap(({ signature, summary, evidence }) => [
    `FAILED ${signature}`,
    `  ${summary}`,
    ...evidence.slice(0, shownEvidence).flatMap(formatEvidence),
    ...(evidence.length > shownEvidence ? [`  … and ${evidence.length - shownEvidence} more pieces of evidence (--json has all)`] : []),
  ]);
}

function explainOutcome({ outcome, expected, verdict, reasons, config }: Reproduction): string {
  const now = verdict === null ? [] : failuresOf(verdict).map(({ signature }) => signature);
  const before = expected?.signatures ?? [];
  const of = expected === null ? '' : ` (as of ${expected.from})`;
  switch (outcome) {
    case 'same':
    case 'same-failure-other-config': {
      if (before.length === 0) return `it passes, as it did${of}`;
      const missing = before.filter((signature) => !now.includes(signature));
      const further = now.filter((signature) => !before.includes(signature));
      const beside = [...missing.map((signature) => `not seen: ${signature}`), ...further.map((signature) => `beside it: ${signature}`)];
      return `${before.filter((signature) => now.includes(signature)).join(', ')} shows again${of}${beside.length > 0 ? `; ${beside.join(', ')}` : ''}`;
    }
    case 'passes-now':
      return `${before.join(', ')} does not show${of}${config.isSame === false ? ', with another configuration' : ''}`;
    case 'another-failure':
      return `${now.join(', ')}; it was ${before.join(', ') || 'no failure'}${of}`;
    case 'fails':
      return now.join(', ');
    case 'passes':
      return expected === null ? 'no property is violated; there is no earlier verdict to compare with' : `no property is violated${of}`;
    case 'cannot-be-built':
      return reasons.length > 0 ? 'see above' : 'a request was lost';
    case 'not-judged':
      return verdict?.fault ? `${verdict.fault.code}: ${verdict.fault.message}` : 'the machine let it down';
  }
}
