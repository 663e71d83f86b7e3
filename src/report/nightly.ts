import type { NightRow } from '../engine/history.ts';
import type { Reach, Shift } from '../sampler/shift.ts';
import type { Arch } from '../tree/records.ts';
import type { NightFinding, NightOutcome } from '../verdict/night.ts';
import type { VerdictName } from '../verdict/records.ts';

/** Phases that are runs of their own, in their order. */
export const runPhases = ['corpus', 'cover', 'random'] as const;
export type RunPhase = (typeof runPhases)[number];
export const phaseNames = [...runPhases, 'minimize'] as const;
export type PhaseName = (typeof phaseNames)[number];

/** One night: `nightly.json` in its folder, and what `kinfuzz nightly --json` prints. See src/cli/NIGHTLY.md. */
export type NightReport = {
  kind: 'night';
  version: 1;
  /** The name of its folder. */
  night: string;
  directory: string;
  startedAt: string;
  tree: { spec: string; version: string | null; fingerprint: string };
  space: { name: string; hash: string };
  toolchain: { kind: string; fingerprint: string };
  isSandboxed: boolean;
  /** What was allowed, and the time that each phase took, in milliseconds. */
  budget: { ms: number; bytes: number | null; mostOfAKind: number };
  spentMs: Record<PhaseName, number>;
  candidates: Record<RunPhase, number>;
  counts: Record<VerdictName, number>;
  /** What ended single candidates, by code. */
  faults: Record<string, number>;
  /** What ended the night before its time. */
  ended: { code: string; message: string } | null;
  /** Null where there is none to hold it against. */
  baseline: { night: string; tree: string } | null;
  findings: NightFinding[];
  /** Signatures that were led back to a few assignments this night, and where. */
  minimized: { signature: string; causes: string[]; directory: string }[];
  /** Searches that there was no time for, or not enough, and what goes on with them. */
  notMinimized: { signature: string; command: string }[];
  /** Known issues that none of so many candidates showed, each of which could have. */
  notSeen: { name: string; candidates: number }[];
  shifts: Shift[];
  coverage: { arch: Arch; strength: 2 | 3; covered: number; impossible: number; left: number }[];
  reach: Reach[];
  outcome: NightOutcome;
  exitCode: number;
};

/** A screen. */
const columns = 100;

/** All of a night that a person looks at first: at most 24 lines. */
export function formatNight(report: NightReport): string {
  const { night, tree, space, toolchain, findings, shifts, baseline, ended, minimized, notMinimized, notSeen } = report;
  const named = (state: NightFinding['state']) => findings.filter((finding) => finding.state === state);
  const impossible = [
    ...shifts.flatMap(({ arch, impossible: sets }) => sets.map(({ choices, why }) => `${arch} ${formatChoices(choices)}: ${why}`)),
    ...named('impossible').filter(({ before }) => before !== 'impossible').map(({ signature, note }) => `${signature}: ${note ?? ''}`),
  ];
  const reachable = shifts.flatMap(({ arch, reachable: sets }) => sets.map(({ choices }) => `${arch} ${formatChoices(choices)}`));
  const causesOf = (signature: string) => minimized.find((one) => one.signature === signature)?.causes ?? null;
  const tellNew = ({ signature, summary, candidates }: NightFinding) => {
    const causes = causesOf(signature);
    return `${signature} (${candidates}) ${causes === null ? summary : `${causes.join(' ') || 'the base alone'}: ${summary}`}`;
  };
  const lines = [
    `night ${night}: ${formatOutcome(report)}`,
    `tree     ${tree.spec}${tree.version === null ? '' : ` (${tree.version})`} ${tree.fingerprint.slice(0, 8)}, toolchain ${toolchain.kind}, space ${space.name}${report.isSandboxed ? '' : ', NOT sandboxed'}`,
    `time     ${formatTime(report)}`,
    `judged   ${formatCounts(report)}`,
    ...(ended === null ? [] : [`ended    ${ended.code}: ${ended.message}`]),
    `${report.coverage[0]?.strength === 3 ? 'triples' : 'pairs'.padEnd(7)}  ${report.coverage.map(({ arch, covered, left }) => `${arch} ${covered} of ${covered + left}`).join(', ') || 'not counted'}`,
    `against  ${baseline === null ? 'nothing: this is the first night' : `${baseline.night} of ${baseline.tree}`}`,
    ...list('NEW', named('new').map(tellNew), 4),
    ...list('still', named('still').map(({ signature, summary, since }) => `${signature} (since ${since}) ${summary}`), 1),
    ...listShortly('gone', named('gone').map(({ signature, summary }) => `${signature} ${summary}`)),
    ...listShortly('open', named('open').map(({ signature, note }) => `${signature} ${note ?? ''}`)),
    ...listShortly('known', named('known').map(({ signature }) => signature)),
    ...listShortly('unseen', notSeen.map(({ name, candidates }) => `${name} (0 of ${candidates})`)),
    ...list('no more', impossible, 2),
    ...listShortly('now too', reachable),
  ];
  const unfinished = notMinimized.slice(0, 1).map(({ command }) => `not minimized: ${notMinimized.length}, go on with: ${command}`);
  // A path that is cut leads nowhere, nor does a command.
  return [...lines.map(shorten), ...unfinished, `all of it: ${report.directory}/nightly.json`].join('\n');
}

function formatOutcome({ findings, outcome, counts }: NightReport): string {
  const fresh = findings.filter(({ state }) => state === 'new').length;
  if (outcome === 'new') return `${fresh} NEW finding${fresh === 1 ? '' : 's'}`;
  const clean = counts.passed + counts.failed === 0 ? 'nothing was judged' : 'nothing new';
  return outcome === 'faulty' && counts.passed + counts.failed > 0 ? `${clean}, but the machine let it down` : clean;
}

function formatTime({ budget, spentMs }: NightReport): string {
  const spent = phaseNames.reduce((sum, name) => sum + spentMs[name], 0);
  const words = { corpus: 'cases', cover: 'coverage', random: 'random', minimize: 'minimizing' };
  return `${formatDuration(spent)} of ${formatDuration(budget.ms)}: ${phaseNames.filter((name) => spentMs[name] >= 500).map((name) => `${words[name]} ${formatDuration(spentMs[name])}`).join(', ') || 'nothing'}`;
}

function formatCounts({ candidates, counts, faults, spentMs }: NightReport): string {
  const all = Object.values(candidates).reduce((sum, count) => sum + count, 0);
  const hours = (spentMs.corpus + spentMs.cover + spentMs.random) / 3_600_000;
  const rate = hours > 0 ? `, ${Math.round(all / hours)} an hour` : '';
  const unjudged = [...(counts.dropped > 0 ? [`${counts.dropped} could not be had`] : []), ...Object.entries(faults).map(([code, count]) => `${count} ${code}`)];
  return `${counts.passed + counts.failed} of ${all} candidates${rate}: ${counts.passed} passed, ${counts.failed} failed${unjudged.length > 0 ? `; not judged: ${unjudged.join(', ')}` : ''}`;
}

/** The first few; the rest as a number on the last line. */
function list(label: string, items: readonly string[], most: number): string[] {
  if (items.length === 0) return [];
  const shown = items.slice(0, most).map((item, index) => `${(index === 0 ? label : '').padEnd(7)}  ${item}`);
  if (items.length <= most) return shown;
  return [...shown, `         and ${items.length - most} more`];
}

/** All on one line, as far as it goes. */
function listShortly(label: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${label.padEnd(7)}  ${items.length > 1 ? `${items.length}: ` : ''}${items.join(', ')}`];
}

function shorten(line: string): string {
  const flat = line.replaceAll(/\s*\n\s*/g, ' ');
  return flat.length > columns ? `${flat.slice(0, columns - 2)} …` : flat;
}

function formatChoices(choices: Readonly<Record<string, string>>): string {
  return Object.entries(choices).map(([axis, value]) => `${axis}=${value}`).join(' with ');
}

/** `8 h`, `7 h 58 min`, `12 min`, `40 s` */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h${minutes % 60 > 0 ? ` ${minutes % 60} min` : ''}`;
}

/** The trend, a night a line, the latest last. */
export function formatHistory(nights: readonly (NightRow & { findings: Record<string, number> })[]): string {
  if (nights.length === 0) return 'there were no nights yet';
  const head = ['night', 'exit', 'new', 'still', 'gone', 'open', 'judged', 'an hour', 'covered', 'tree'];
  const rows = nights.map(({ night, exitCode, findings, passed, failed, ms, candidates, covered, possible, tree }) => [
    night, exitCode, findings['new'] ?? 0, findings['still'] ?? 0, findings['gone'] ?? 0, (findings['open'] ?? 0) + (findings['impossible'] ?? 0),
    passed + failed, ms > 0 ? Math.round(candidates / (ms / 3_600_000)) : '', possible > 0 ? `${covered}/${possible}` : '', tree,
  ].map(String));
  const table = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) => row.map((text, column) => (column === 0 || column === row.length - 1 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}
