import { basename } from 'node:path';
import type { Evidence } from '../property/contract.ts';
import type { CoverageReport } from '../sampler/coverage.ts';
import { formatWhyNot } from '../space/possible.ts';
import type { Choices } from '../space/requests.ts';
import { countMissed, type KnownIssue } from '../verdict/known.ts';
import { type SignedFailure, type Verdict, type VerdictName, verdictNames } from '../verdict/records.ts';
import { formatRepro } from './repro-line.ts';

/** One line for one verdict, as it comes. */
export function formatVerdict(verdict: Verdict): string {
  const seconds = (Object.values(verdict.cost).reduce((sum, ms) => sum + ms, 0) / 1000).toFixed(1);
  const inline = verdict.inline ? 'inline' : 'no inline';
  const mismatch = verdict.resolution === 'front-end-mismatch' ? ' (front-end-mismatch)' : '';
  return `${labelOf(verdict)} ${verdict.arch} ${inline} ${verdict.verdict}${mismatch}${explain(verdict)} (${seconds} s)`;
}

/** `#12`; a case by its name. */
export function labelOf({ index, seed }: Pick<Verdict, 'index' | 'seed'>): string {
  return index < 0 ? basename(seed, '.yaml') : `#${index}`;
}

/** What a summary tells beside the verdicts. `folderOf`: by signature; `configOf`: a `.config` by its hash; `space`: as the user named it. */
export type SummaryContext = { issues?: readonly KnownIssue[]; folderOf?: (signature: string) => string | null; configOf?: (hash: string) => string | null; space?: string | null };

/** What is printed at the end: counts, then every distinct failure with its proof and the line that replays it. */
export function formatSummary(verdicts: readonly Verdict[], command: string, { issues = [], folderOf = () => null, configOf = () => null, space = null }: SummaryContext = {}): string {
  const lines = [formatCounts(verdicts, null), ...formatKnown(verdicts, issues, configOf)];
  for (const { failure, first, count } of collectFailures(verdicts)) {
    lines.push('', `FAILED ${failure.signature} (${count} of ${verdicts.length})`, `  ${failure.summary}`, `  ${describeChoices(first)}`);
    for (const evidence of failure.evidence.slice(0, shownEvidence)) lines.push(...formatEvidence(evidence));
    if (failure.evidence.length > shownEvidence) lines.push(`  … and ${failure.evidence.length - shownEvidence} more pieces of evidence (--json has all)`);
    lines.push(`  replay: ${formatRepro(command, { ...first, space })}`);
    const folder = folderOf(failure.signature);
    if (folder !== null) lines.push(`  folder: ${folder}`);
  }
  for (const verdict of verdicts.filter(({ verdict: name }) => name === 'dropped' || name === 'timed-out' || name === 'infra-error')) {
    lines.push('', `${verdict.verdict.toUpperCase()} ${labelOf(verdict)} ${verdict.arch}${explain(verdict)}`, `  replay: ${formatRepro(command, { seed: verdict.seed, passes: [], space })}`);
  }
  for (const { index, seed } of verdicts.filter(({ resolution }) => resolution === 'front-end-mismatch')) {
    lines.push('', `FRONT-END-MISMATCH ${labelOf({ index, seed })}: conf resolves this candidate to another .config than kinfuzz does; both are in the journal`, `  replay: ${formatRepro(command, { seed, passes: [], space })} --print-config`);
  }
  return lines.join('\n');
}

/** A line for each known issue: how often it was seen, or that it was not where it could have been. */
function formatKnown(verdicts: readonly Verdict[], issues: readonly KnownIssue[], configOf: (hash: string) => string | null): string[] {
  return issues.flatMap((issue) => {
    const { name, signatures, reason, needs } = issue;
    const count = verdicts.filter(({ known }) => known.some((failure) => failure.issue === name)).length;
    if (count > 0) return [`KNOWN ${signatures.join(', ')} (${count} of ${verdicts.length}): ${name}: ${reason}`];
    const apt = countMissed(issue, verdicts, configOf);
    if (apt === 0) return [];
    const wanted = Object.entries(needs).map(([symbol, value]) => `${symbol}=${value}`);
    const where = `not in ${apt} ${apt === 1 ? 'candidate' : 'candidates'} with ${['inlining on', ...wanted].join(', ')}`;
    return [`NOT SEEN ${signatures.join(', ')}: ${name}: ${where}: fixed, or ${wanted.length > 0 ? 'it takes more' : 'none had what it takes'}`];
  });
}

/** `11 of 12 candidates: 9 passed, 2 failed; 8 judged with inlining on`; `wanted` null where no number was asked for. */
export function formatCounts(verdicts: readonly Verdict[], wanted: number | null): string {
  const counts = countVerdicts(verdicts);
  const parts = verdictNames.filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`);
  const inlining = verdicts.filter(({ inline, verdict }) => inline && (verdict === 'passed' || verdict === 'failed')).length;
  const of = wanted === null ? '' : ` of ${wanted}`;
  return `${verdicts.length}${of} candidates: ${parts.join(', ') || 'none judged'}; ${inlining} judged with inlining on`;
}

const tupleWords = { 2: 'pairs', 3: 'triples' };

/** What was covered, an architecture a line, and why the rest of it cannot be; nothing where nothing was to be covered. */
export function formatCoverage(reports: readonly CoverageReport[]): string {
  return reports.map(({ arch, strength, covered, impossible, left, reasons }) => {
    const head = `\n${tupleWords[strength]} of values on ${arch}: ${covered} covered, ${impossible} impossible, ${left} left`;
    return [head, ...reasons.map(({ choices, why }) => `  impossible: ${formatChoices(choices)}: ${formatWhyNot(why)}`)].join('\n');
  }).join('');
}

function formatChoices(choices: Choices): string {
  return Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).join(' with ');
}

export function countVerdicts(verdicts: readonly Verdict[]): Record<VerdictName, number> {
  const counts = { passed: 0, failed: 0, dropped: 0, 'timed-out': 0, 'infra-error': 0 };
  for (const { verdict } of verdicts) counts[verdict] += 1;
  return counts;
}

const shownEvidence = 6;
const shownLines = 12;

/** Failures by signature, each with its first candidate. */
function collectFailures(verdicts: readonly Verdict[]): { failure: SignedFailure; first: Verdict; count: number }[] {
  const found = new Map<string, { failure: SignedFailure; first: Verdict; count: number }>();
  for (const verdict of verdicts) {
    for (const failure of verdict.failures) {
      const known = found.get(failure.signature);
      if (known) known.count += 1;
      else found.set(failure.signature, { failure, first: verdict, count: 1 });
    }
  }
  return [...found.values()];
}

function explain(verdict: Verdict): string {
  if (verdict.dropped.length > 0) {
    return `: ${verdict.dropped.map(({ symbol, value, effective, from }) => `${symbol}=${value} became ${effective} (${from})`).join('; ')}`;
  }
  if (verdict.fault !== null) return `: ${verdict.fault.code}: ${verdict.fault.message}`;
  const failed = verdict.failures.length > 0 ? `: ${verdict.failures.map(({ signature }) => signature).join(', ')}` : '';
  return verdict.known.length > 0 ? `${failed}; known: ${verdict.known.map(({ issue }) => issue).join(', ')}` : failed;
}

function describeChoices({ arch, index, seed, choices }: Verdict): string {
  return `first seen in ${labelOf({ index, seed })}, ${arch}: ${Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).join(' ')}`;
}

export function formatEvidence({ kind, where, text }: Evidence): string[] {
  const lines = text.split('\n').map((line) => (line.length > 600 ? `${line.slice(0, 300)} … ${line.slice(-280)}` : line));
  const shown = lines.slice(0, shownLines).map((line) => `      ${line}`);
  return [`    ${kind} ${where}`, ...shown, ...(lines.length > shownLines ? ['      …'] : [])];
}
