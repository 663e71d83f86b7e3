import { type Place, UserError } from '../util/errors.ts';

/**
 * The first mistake of a Kconfig text. `report` is what `conf` prints for it (`file:line: words`), for those who
 * compare; `message` shows the line and a caret as well.
 */
export class KconfigError extends UserError {
  report: string;

  constructor(code: string, complaint: { words: string; place: Place; source?: string; expected?: string; report?: string }) {
    const { words, place, source, expected, report } = complaint;
    super({ code, message: words + formatSource(source, place.column), place, ...(expected ? { hint: `expected ${expected}` } : {}) });
    this.report = report ?? `${place.file}:${place.line}: ${words}\n`;
  }
}

const shownColumns = 120;

/** The line and a caret under the column; a long line is cut around it. */
function formatSource(source: string | undefined, column: number | undefined): string {
  if (source === undefined || column === undefined) return '';
  const start = Math.max(0, column - 1 - shownColumns / 2);
  const shown = source.slice(start, start + shownColumns).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
  const indent = shown.slice(0, column - 1 - start).replace(/[^\t]/g, ' ');
  return `\n  ${shown}\n  ${indent}^`;
}
