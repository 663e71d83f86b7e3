import type { Cell, Matrix } from '../sampler/matrix.ts';
import { formatWhyNot } from '../space/possible.ts';

const marks: Record<Cell['state'], string> = { works: 'works', fails: 'FAILS', impossible: 'impossible', untested: '·' };

/** A table for a terminal, then why what fails fails, and what cannot be cannot. */
export function formatMatrix({ arch, axes: [one, other], cells }: Matrix): string {
  const columns = cells[0]?.map(({ values }) => values[1]) ?? [];
  const rows = cells.map((row) => [row[0]?.values[0] ?? '', ...row.map(formatCell)]);
  const table = [[`${one} \\ ${other}`, ...columns], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  return [`${arch}`, ...lines, ...formatNotes({ arch, axes: [one, other], cells })].join('\n');
}

/** One line for a table of which only the sum is wanted, and its notes. */
export function formatMatrixSum(matrix: Matrix): string {
  const cells = matrix.cells.flat();
  const counts = (['works', 'fails', 'impossible', 'untested'] as const).map((state) => [cells.filter((cell) => cell.state === state).length, state] as const);
  const sum = counts.filter(([count]) => count > 0).map(([count, state]) => `${count} ${state}`).join(', ');
  return [`${matrix.arch} ${matrix.axes.join(' × ')}: ${sum}`, ...formatNotes(matrix)].join('\n');
}

function formatNotes({ axes: [one, other], cells }: Matrix): string[] {
  return cells.flat().flatMap(({ values, signatures, failed, why }) => {
    const name = `  ${one}=${values[0]} with ${other}=${values[1]}`;
    if (why !== null) return [`${name}: impossible: ${formatWhyNot(why)}`];
    return failed > 0 ? [`${name}: fails: ${signatures.join(', ')}`] : [];
  });
}

function formatCell({ state, passed, failed }: Cell): string {
  return state === 'works' || state === 'fails' ? `${marks[state]} ${state === 'works' ? passed : `${failed}/${passed + failed}`}` : marks[state];
}
