import type { Arch } from '../tree/records.ts';
import type { Decision } from './decide.ts';
import type { Verdict } from './records.ts';

/** A defect that is known: its findings are told, and fail nothing. One entry of `corpus/known-issues.yaml`. */
export type KnownIssue = {
  name: string;
  /** `property:1a2b3c4d`, of one defect wherever it shows; `*` stands for any characters. */
  signatures: string[];
  /** Null: all. */
  arches: Arch[] | null;
  /** Kernel versions, the first that has it and the first that has not: `7.1`, `7.4`. */
  since: string | null;
  before: string | null;
  /** Options without which it does not show on a tree that has it: y, m or n. */
  needs: Record<string, string>;
  reason: string;
  link: string | null;
  /** `2027-06-30`: the last day on which it counts. */
  expires: string | null;
};

/** Whether an entry speaks of a tree at all; `version` null where the tree has none. */
export function isAbout({ since, before }: KnownIssue, version: string | null): boolean {
  if (since === null && before === null) return true;
  if (version === null) return false;
  return (since === null || compareVersions(version, since) >= 0) && (before === null || compareVersions(version, before) < 0);
}

/** Whether an issue that is still there would have shown in a candidate: only where that says something is its absence told. */
export function canShow({ arches, signatures, needs }: KnownIssue, { verdict, inline, arch, config, notApplicable }: Verdict, configOf: (hash: string) => string | null): boolean {
  if (!inline || !(verdict === 'passed' || verdict === 'failed') || !(arches?.includes(arch) ?? true)) return false;
  const isSilent = (signature: string) => notApplicable.some(({ property }) => signature.startsWith(`${property}:`));
  if (signatures.every(isSilent)) return false;
  const wanted = Object.entries(needs);
  if (wanted.length === 0) return true;
  const text = configOf(config);
  return text !== null && wanted.every(([symbol, value]) => (value === 'n' ? !text.includes(`\nCONFIG_${symbol}=`) : text.includes(`\nCONFIG_${symbol}=${value}\n`)));
}

/** How many candidates could have shown an issue that none has shown; 0 where one has. */
export function countMissed(issue: KnownIssue, verdicts: readonly Verdict[], configOf: (hash: string) => string | null): number {
  if (verdicts.some(({ known }) => known.some((failure) => failure.issue === issue.name))) return 0;
  return verdicts.filter((verdict) => canShow(issue, verdict, configOf)).length;
}

/** Sets aside what is known; what is left decides. */
export function setKnownAside(decision: Decision, issues: readonly KnownIssue[], arch: Arch): Decision {
  const nameOf = (signature: string) => issues.find((issue) => (issue.arches?.includes(arch) ?? true) && issue.signatures.some((pattern) => matches(pattern, signature)))?.name ?? null;
  const known = decision.failures.flatMap((failure) => {
    const issue = nameOf(failure.signature);
    return issue === null ? [] : [{ ...failure, issue }];
  });
  const failures = decision.failures.filter(({ signature }) => nameOf(signature) === null);
  return { ...decision, verdict: decision.verdict === 'failed' && failures.length === 0 ? 'passed' : decision.verdict, failures, known: [...decision.known, ...known] };
}

/** A pattern has no other character that means something: its file is checked for that. */
export function matches(pattern: string, signature: string): boolean {
  return new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(signature);
}

/** By numbers; `7.4.0-rc2` stands before `7.4`, as all that is named after a hyphen. */
export function compareVersions(left: string, right: string): number {
  const [one, other] = [left, right].map((text) => text.split('-'));
  const numbers = [one, other].map((parts) => (parts?.[0] ?? '').split('.').map(Number));
  for (let at = 0; at < 3; at += 1) {
    const difference = (numbers[0]?.[at] ?? 0) - (numbers[1]?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  const isRc = (parts: string[] | undefined) => (/^rc\d/.test(parts?.[1] ?? '') ? 0 : 1);
  return isRc(one) - isRc(other);
}
