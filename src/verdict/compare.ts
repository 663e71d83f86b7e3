import type { SignedFailure, Verdict } from './records.ts';

/** What is known of a configuration from before. `signatures`: its failures; none where it passed. */
export type Expected = { signatures: readonly string[]; from: string };

/** A symbol that has another value; null: it is not there. */
export type Changed = { symbol: string; before: string | null; now: string | null };

/**
 * What a replay says. `fails` and `passes` where there is nothing to compare with; `not-judged`: the machine's fault, or
 * its time was up.
 */
export type Outcome = 'same' | 'same-failure-other-config' | 'passes-now' | 'another-failure' | 'cannot-be-built' | 'fails' | 'passes' | 'not-judged';

/** Holds a verdict against what is known. `isSameConfig`: null where nothing tells. */
export function compareVerdict(verdict: Pick<Verdict, 'verdict' | 'failures' | 'known'>, expected: Expected | null, isSameConfig: boolean | null): Outcome {
  if (verdict.verdict === 'dropped') return 'cannot-be-built';
  if (verdict.verdict === 'timed-out' || verdict.verdict === 'infra-error') return 'not-judged';
  const now = failuresOf(verdict);
  if (expected === null) return now.length > 0 ? 'fails' : 'passes';
  if (expected.signatures.length === 0) return now.length > 0 ? 'another-failure' : isSameConfig === true ? 'same' : 'passes';
  if (now.length === 0) return 'passes-now';
  if (!now.some(({ signature }) => expected.signatures.includes(signature))) return 'another-failure';
  return isSameConfig === false ? 'same-failure-other-config' : 'same';
}

/** What failed, known issues included: a replay shows all. */
export function failuresOf({ failures, known }: Pick<Verdict, 'failures' | 'known'>): SignedFailure[] {
  return [...failures, ...known];
}

/** Symbols whose values two configurations do not share, in the order of the alphabet; what is not mentioned is `n`. */
export function listChanged(before: Record<string, string>, now: Record<string, string>): Changed[] {
  const symbols = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return symbols.filter((symbol) => (before[symbol] ?? 'n') !== (now[symbol] ?? 'n')).map((symbol) => ({ symbol, before: before[symbol] ?? null, now: now[symbol] ?? null }));
}
