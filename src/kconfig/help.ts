/** Help text as it stands in a file: read when somebody asks for it. */
export type Help = { source: string; start: number };

/** Where help text ends, how many lines it has, and whether it has any word. */
export type HelpEnd = { end: number; lines: number; isBlank: boolean };

/** The help text, without its first line's indentation and without blanks at the ends of lines. */
export function readHelp({ source, start }: Help): string {
  let out = '';
  walkHelp(source, start, (indent, from, to) => {
    out += from < 0 ? '\n' : ' '.repeat(indent) + source.slice(from, to).replace(/[ \t]+$/, '');
  });
  return out;
}

/** Finds the end of help text that begins at the start of a line. */
export function skipHelp(source: string, start: number): HelpEnd {
  let isBlank = true;
  const { end, lines } = walkHelp(source, start, (_, from, to) => {
    if (isBlank && from >= 0 && /[^ \t-\r]/.test(source.slice(from, to))) isBlank = false;
  });
  return { end, lines, isBlank };
}

/**
 * Goes through help text: up to the first line that is indented less than its first one. Tabs go to columns of eight.
 * `visit` gets each line's indentation beyond the first line's and its text's place, or -1 for a line's end.
 * In scripts/kconfig/lexer.l (`<HELP>`) blank lines are kept as such, unless what follows ends the help text.
 */
function walkHelp(
  source: string, start: number, visit: (indent: number, from: number, to: number) => void,
): { end: number; lines: number } {
  let at = start;
  let lines = 0;
  let first = 0;
  let last = 0;
  for (;;) {
    const from = at;
    let code = source.charCodeAt(at);
    while (code === 32 || code === 9) code = source.charCodeAt(++at);
    if (code === 10) {
      at++;
      lines++;
      if (isText(source, at)) return { end: at, lines };
      visit(0, -1, -1);
      continue;
    }
    if (at > from) {
      last = measure(source, from, at);
      if (first > 0 && last < first) return { end: at, lines };
    }
    if (at >= source.length) return { end: at, lines };
    const newline = source.indexOf('\n', at);
    const end = newline < 0 ? source.length : newline;
    visit(first > 0 && at > from ? last - first : 0, at, end);
    if (first === 0) first = last;
    at = end;
  }
}

function isText(source: string, at: number): boolean {
  const code = source.charCodeAt(at);
  return at < source.length && code !== 32 && code !== 9 && code !== 10;
}

function measure(source: string, from: number, to: number): number {
  let columns = 0;
  for (let at = from; at < to; at++) columns = source.charCodeAt(at) === 9 ? (columns & ~7) + 8 : columns + 1;
  return columns;
}
