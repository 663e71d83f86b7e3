import { formatFragment } from '../kconfig/config.ts';
import type { Case, CaseState } from '../corpus/cases.ts';
import { caseStates } from '../corpus/cases.ts';
import type { Verdict } from '../verdict/records.ts';

/** An assignment that a tree does not take: it has no such symbol, or something stands against it. */
export type Lost = { symbol: string; value: string; effective: string; kind: 'gone' | 'impossible'; why: string };

/** What became of a case on a tree. `unreachable`: it did not fail, and the tree does not take all of its assignments. */
export type CaseOutcome =
  | { kind: 'still-there' }
  | { kind: 'gone' }
  /** `isHidden`: the other failure leaves the question open. */
  | { kind: 'another'; signatures: string[]; isHidden: boolean }
  | { kind: 'unreachable' }
  | { kind: 'unjudged'; why: string };

export type ReplayedCase = { one: Case; verdict: Verdict; lost: readonly Lost[]; outcome: CaseOutcome };

/** A case and what became of it, then what the tree no longer takes, a line each. */
export function formatReplayed({ one, lost, outcome }: Pick<ReplayedCase, 'one' | 'lost' | 'outcome'>): string {
  return [`${one.name}: ${tellOutcome(one, outcome)}`, ...lost.map(formatLost)].join('\n');
}

function tellOutcome({ signature, state }: Case, outcome: CaseOutcome): string {
  switch (outcome.kind) {
    case 'still-there':
      return `still there${state === 'fixed' ? ', though told to be fixed' : ''}: ${signature}`;
    case 'gone':
      return `gone${state === 'fixed' ? ', as it should be' : `: ${signature} does not show any more`}`;
    case 'another':
      return `another failure: ${outcome.signatures.join(', ')}${outcome.isHidden ? `, which hides ${signature} if that is still there` : `; ${signature} does not show`}`;
    case 'unreachable':
      return `does not show, but this tree does not take all of what it needs`;
    case 'unjudged':
      return `could not be judged: ${outcome.why}`;
  }
}

function formatLost({ symbol, value, effective, kind, why }: Lost): string {
  const line = formatFragment([[symbol, value]]).trimEnd();
  return kind === 'gone' ? `  symbol gone: ${line}: ${why}` : `  ${line} becomes ${effective}: ${why}`;
}

/** All of them after a run; nothing where there was none. */
export function formatReplays(replayed: readonly ReplayedCase[]): string {
  return replayed.length === 0 ? '' : `\n\ncorpus, ${formatReplayCounts(replayed)}\n${replayed.map(formatReplayed).join('\n')}`;
}

/** `7 cases: 6 still there, 1 gone` */
export function formatReplayCounts(replayed: readonly Pick<ReplayedCase, 'outcome'>[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of replayed) counts.set(words[outcome.kind], (counts.get(words[outcome.kind]) ?? 0) + 1);
  return `${countOf(replayed.length)}${replayed.length > 0 ? ': ' : ''}${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
}

const words: Record<CaseOutcome['kind'], string> = { 'still-there': 'still there', gone: 'gone', another: 'another failure', unreachable: 'not to be had on this tree', unjudged: 'not judged' };

function countOf(cases: number): string {
  return cases === 1 ? '1 case' : `${cases} cases`;
}

/** A line a case, by state. */
export function formatCases(cases: readonly Case[]): string {
  const width = Math.max(0, ...cases.map(({ name }) => name.length));
  const lines = caseStates.flatMap((state: CaseState) => cases.filter((one) => one.state === state).map((one) => `${state.padEnd(7)}  ${one.name.padEnd(width)}  ${one.signature} ${one.arch}${tellSightings(one)}`));
  return [...lines, countOf(cases.length)].join('\n');
}

function tellSightings({ seen, gone }: Case): string {
  const places = (all: Case['seen']) => [...new Set(all.map(({ tree, version }) => version ?? tree))].join(', ');
  return `${seen.length > 0 ? `; seen on ${places(seen)}` : ''}${gone.length > 0 ? `; gone on ${places(gone)}` : ''}`;
}
