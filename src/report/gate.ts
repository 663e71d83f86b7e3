import type { Proof } from '../space/proofs.ts';
import type { GateCounts, GateFinding, GateReport } from '../verdict/records.ts';
import { formatEvidence } from './text.ts';

/** One line for a claim that does not hold. */
export function formatRefuted({ kind, arch, simulated, symbol, choices }: Proof): string {
  const where = [arch, ...Object.entries({ ...simulated, ...choices }).map((entry) => entry.join('='))].join(' ');
  const claims = { shut: 'cannot be y', open: 'can be y', always: 'can be y whatever else is set' };
  return `refuted: ${symbol} ${claims[kind]} with ${where}`;
}

/** Counts, then each finding with its proof and the line that replays it. `again`: what runs the proofs anew. */
export function formatGates(report: GateReport, command: string, again: string): string {
  const lines = [formatGateCounts(report)];
  for (const finding of report.findings) lines.push('', ...formatFinding(finding, command, again));
  for (const { arch, code, message, fragment } of report.faults) lines.push('', `${code} ${arch}: ${message}`, ...indent(fragment));
  return lines.join('\n');
}

/** `205 claims proven, 8 idle, 0 refuted`, and a line for all candidates and for those of each architecture. */
export function formatGateCounts({ proofs, counts }: GateReport): string {
  const all = Object.values(counts);
  const sum = (key: keyof GateCounts) => all.reduce((total, count) => total + count[key], 0);
  const total = { open: sum('open'), shut: sum('shut'), wrong: sum('wrong') };
  return [
    `${proofs.proven} claims proven, ${proofs.idle} idle, ${proofs.refuted} refuted`,
    `${total.open + total.shut} judged: ${formatCount(total)}`,
    ...Object.entries(counts).map(([arch, count]) => `  ${arch}: ${formatCount(count)}`),
  ].join('\n');
}

function formatCount({ open, shut, wrong }: GateCounts): string {
  return `${open} should be reachable, ${shut} should not; ${wrong === 0 ? 'all are so' : `${wrong} are not so`}`;
}

function formatFinding({ signature, summary, arches, candidates, evidence, seed, fragment }: GateFinding, command: string, again: string): string[] {
  return [
    `FAILED ${signature} (${candidates} candidate${candidates === 1 ? '' : 's'}, ${arches.join(', ')})`,
    `  ${summary}`,
    ...evidence.flatMap(formatEvidence),
    ...(seed === null ? ['  a claim was refuted by this configuration:', ...indent(fragment), `  replay: ${again}`] : [`  replay: ${command} repro ${seed}`]),
  ];
}

function indent(text: string): string[] {
  return text.trimEnd().split('\n').map((line) => `      ${line}`);
}
