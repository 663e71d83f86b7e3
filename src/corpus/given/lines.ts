/** A line as its writer had it, without marks of quoting; `line` and `column`, from 1, say where it begins. */
export type Line = { text: string; line: number; column: number };

/** As mails quote, at any depth, `| ` as well; blanks in front belong to it. */
const quoting = /^[\s\u00A0]*(?:[>|][\s\u00A0]*)*/;

/** A text's lines without what mails put around them. */
export function unquoteLines(text: string): Line[] {
  return text.split('\n').map((line, index) => {
    const mark = quoting.exec(line)?.[0].length ?? 0;
    return { text: line.slice(mark).replaceAll('\u00A0', ' ').trimEnd(), line: index + 1, column: mark + 1 };
  });
}

/** A piece of a foreign text, fit for a message: short, on one line, and without what a terminal would obey. */
export function excerpt(text: string, most = 80): string {
  return text.slice(0, most).replaceAll(/[^\x20-\x7e\xa1-\u1fff\u2c00-\ud7ff]/g, '?');
}
