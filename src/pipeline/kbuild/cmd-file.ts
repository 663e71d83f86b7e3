import { posix } from 'node:path';
import { parse } from 'shell-quote';

/** One simple command of a shell line: environment assignments taken off, redirections named. */
export type SimpleCommand = { env: string[]; argv: string[]; redirects: string[] };

/** What kbuild's `.NAME.o.cmd` says: the target, the shell line that made it, and the options that can change it. */
export type CmdFile = { target: string; command: string; options: string[] };

/**
 * Reads a `.cmd` file: `savedcmd_TARGET := LINE`, where make's `$$` and `\#` stand for `$` and `#`, and the names of
 * the `include/config/…` files among the dependencies (scripts/basic/fixdep.c writes them).
 */
export function parseCmdFile(text: string): CmdFile | null {
  const [, target, line] = /^savedcmd_(\S+) := (.*)$/m.exec(text) ?? [];
  if (target === undefined || line === undefined) return null;
  const options = [...text.matchAll(/\$\(wildcard include\/config\/([A-Za-z0-9_]+)\)/g)].flatMap(([, name]) => name ?? []);
  return { target, command: line.replaceAll('$$', '$').replaceAll('\\#', '#'), options };
}

/** Splits a shell line into its simple commands; `;`, `&&`, `||`, `|`, `{ }` and `( )` all end one. */
export function parseShellLine(line: string): SimpleCommand[] {
  const commands: SimpleCommand[] = [];
  let current: SimpleCommand = { env: [], argv: [], redirects: [] };
  let isRedirect = false;
  for (const token of parse(line, (name) => `$${name}`)) {
    if (typeof token === 'object' && 'comment' in token) break;
    if (typeof token === 'object' && token.op !== 'glob') {
      isRedirect = ['>', '>>', '<', '>&', '&>'].includes(token.op);
      if (isRedirect) {
        // `2>`: which stream it is.
        if (current.argv.length > 1 && /^[12]$/.test(current.argv.at(-1) ?? '')) current.argv.pop();
        continue;
      }
      if (current.argv.length > 0) commands.push(current);
      current = { env: [], argv: [], redirects: [] };
      continue;
    }
    const word = typeof token === 'string' ? token : token.pattern;
    if (isRedirect) current.redirects.push(word);
    else if (current.argv.length === 0 && /^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) current.env.push(word);
    else if (current.argv.length > 0 || !['{', '}', '+', '@', '-'].includes(word)) current.argv.push(word);
    isRedirect = false;
  }
  if (current.argv.length > 0) commands.push(current);
  return commands;
}

/** A path as the Build record has it: relative to the objtree, or absolute outside it. */
export function normalizePath(path: string, objtree: string): string {
  const whole = posix.normalize(path);
  return whole.startsWith(`${objtree}/`) ? whole.slice(objtree.length + 1) : whole;
}
