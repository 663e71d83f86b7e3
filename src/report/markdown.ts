import type { RunMeta } from '../engine/journal.ts';
import { type KnownFailure, type SignedFailure, type Verdict, verdictNames } from '../verdict/records.ts';
import { formatReplayOptions, formatRepro } from './repro-line.ts';
import { countVerdicts, formatEvidence, labelOf } from './text.ts';

/** A run, and what became of its candidates. */
export type ReportedRun = { meta: RunMeta; verdicts: readonly Verdict[] };

/** Runs of one space, tree and toolchain as a page to publish: what failed and how to replay it, and what was covered. */
export function formatMarkdown(runs: readonly ReportedRun[], command: string): string {
  const verdicts = runs.flatMap((run) => run.verdicts);
  const space = runs[0]?.meta.space.source ?? null;
  const replay = (verdict: Verdict) => formatRepro(command, { ...verdict, space });
  return [
    ...formatHead(runs),
    '', '## Verdicts', '', ...formatVerdicts(verdicts),
    '', '## Failures', '', ...formatFailures(verdicts, (verdict) => verdict.failures, replay, 'Nothing failed.'),
    '', '## Known issues', '', ...formatFailures(verdicts, (verdict) => verdict.known, replay, 'None was met.'),
    '', '## Not judged', '', ...formatSilent(verdicts),
    '', '## Values', '', 'How many judged candidates had each value of each axis; where some failed, how many of them.', '', ...formatValues(verdicts),
    '', '## Candidates', '', ...formatCandidates(verdicts, command, space),
    '',
  ].join('\n');
}

function formatHead(runs: readonly ReportedRun[]): string[] {
  const of = ({ meta }: ReportedRun) => `- seed ${meta.runSeed}${meta.cover > 0 ? `, all ${meta.cover === 2 ? 'pairs' : 'triples'} first` : ''}, passes: ${meta.passes.join(', ') || 'none'}`;
  const [first] = runs;
  if (first === undefined) return ['# No run'];
  const { space, tree, toolchain } = first.meta;
  return [
    `# ${tree.spec}: ${space.name}`, '',
    `Space \`${space.name}\` (${space.hash}), tree \`${tree.spec}\` (${tree.fingerprint.slice(0, 8)}), toolchain \`${toolchain.kind}\` (${toolchain.fingerprint.slice(0, 8)}). Runs:`, '',
    ...runs.map(of),
  ];
}

function formatVerdicts(verdicts: readonly Verdict[]): string[] {
  const arches = [...new Set(verdicts.map(({ arch }) => arch))].sort();
  const rows = arches.map((arch) => {
    const own = verdicts.filter((verdict) => verdict.arch === arch);
    const counts = countVerdicts(own);
    return [arch, own.length, own.filter(({ inline }) => inline).length, ...verdictNames.map((name) => counts[name])];
  });
  return formatTable(['architecture', 'candidates', 'inlining', ...verdictNames], rows);
}

function formatFailures(verdicts: readonly Verdict[], pick: (verdict: Verdict) => readonly (SignedFailure | KnownFailure)[], replay: (verdict: Verdict) => string, none: string): string[] {
  const signatures = [...new Set(verdicts.flatMap((verdict) => pick(verdict).map(({ signature }) => signature)))].sort();
  if (signatures.length === 0) return [none];
  return signatures.flatMap((signature) => {
    const met = verdicts.flatMap((verdict) => pick(verdict).filter((failure) => failure.signature === signature).map((failure) => ({ verdict, failure })));
    const [first] = met;
    if (first === undefined) return [];
    const arches = [...new Set(met.map(({ verdict }) => verdict.arch))].sort();
    const firsts = arches.flatMap((arch) => met.find(({ verdict }) => verdict.arch === arch)?.verdict ?? []);
    return [
      `### ${signature}${'issue' in first.failure ? `: ${first.failure.issue}` : ''}`, '', first.failure.summary, '',
      `In ${met.length} candidates: ${arches.map((arch) => `${met.filter(({ verdict }) => verdict.arch === arch).length} of ${arch}`).join(', ')}.`, '',
      '```', ...first.failure.evidence.slice(0, 4).flatMap(formatEvidence).map((line) => line.slice(4)), '```', '',
      '```', ...firsts.map(replay), '```', '',
    ];
  });
}

/** What a property had nothing to say about, and what ended by a fault. */
function formatSilent(verdicts: readonly Verdict[]): string[] {
  const counts = new Map<string, number>();
  for (const { arch, notApplicable, fault } of verdicts) {
    const reasons = [...notApplicable.map(({ property, reason }) => `${property} on ${arch}: ${reason}`), ...(fault === null ? [] : [`all of it: ${fault.code}: ${fault.message}`])];
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const lines = [...counts].sort(([one], [other]) => (one < other ? -1 : 1)).map(([reason, count]) => `- ${reason} (${count})`);
  return lines.length > 0 ? lines : ['Each property had something to judge in each candidate.'];
}

function formatValues(verdicts: readonly Verdict[]): string[] {
  const judged = verdicts.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  const axes = [...new Set(judged.flatMap(({ choices }) => Object.keys(choices)))];
  const rows = axes.map((axis) => {
    const values = [...new Set(judged.flatMap(({ choices }) => choices[axis] ?? []))];
    const cells = values.map((value) => {
      const own = judged.filter(({ choices }) => choices[axis] === value);
      const failed = own.filter(({ verdict }) => verdict === 'failed').length;
      return `${value} ${own.length}${failed > 0 ? ` (${failed} failed)` : ''}`;
    });
    return [axis, cells.join(', ')];
  });
  return formatTable(['axis', 'values'], rows);
}

function formatCandidates(verdicts: readonly Verdict[], command: string, space: string | null): string[] {
  const rows = verdicts.map((verdict) => [
    labelOf(verdict), verdict.arch, verdict.verdict,
    [...verdict.failures.map(({ signature }) => signature), ...verdict.known.map(({ issue }) => issue)].join(', '),
    Object.values(verdict.choices).join(' '), `\`${verdict.seed}\``,
  ]);
  return [`Each is replayed by \`${[command, 'repro SEED', ...formatReplayOptions({ seed: 'kf', passes: [], space })].join(' ')}\`.`, '', ...formatTable(['', 'architecture', 'verdict', 'failures and known issues', 'values', 'seed'], rows)];
}

function formatTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
