/**
 * Reads help text from `start`, the beginning of the line after `help`: up to the first line that is indented less
 * than its first one. Tabs go to columns of eight; the first line's indentation is taken off.
 * In scripts/kconfig/lexer.l (`<HELP>`) blank lines are kept as such, unless what follows ends the help text.
 */
export function readHelp(source: string, start: number): { text: string; end: number; lines: number } {
  let out = '';
  let at = start;
  let lines = 0;
  let first = 0;
  let last = 0;
  for (;;) {
    const from = at;
    while (source.charCodeAt(at) === 32 || source.charCodeAt(at) === 9) at++;
    const code = at < source.length ? source.charCodeAt(at) : -1;
    if (code === 10) {
      at++;
      lines++;
      if (isText(source, at)) return { text: out, end: at, lines };
      out += '\n';
      continue;
    }
    if (at > from) {
      last = measure(source, from, at);
      if (first > 0) {
        if (last < first) return { text: out, end: at, lines };
        out += ' '.repeat(last - first);
      }
    }
    if (code < 0) return { text: out, end: at, lines };
    const end = source.indexOf('\n', at);
    const line = source.slice(at, end < 0 ? source.length : end);
    out += line.replace(/[ \t]+$/, '');
    if (first === 0) first = last;
    at += line.length;
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
