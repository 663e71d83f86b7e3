import type { Diagnostic } from '../records.ts';

/** The target that make gave up on first: `make[4]: *** [/src/scripts/Makefile.build:354: samples/rust/x.o] Error 1`. */
export function findFailedTarget(log: string): string | null {
  for (const [, target] of log.matchAll(/^make(?:\[\d+\])?: \*\*\* (?:\[[^\]\s]+: |No rule to make target ')([^\]']+)[\]'].*$/gm)) {
    // A directory's own failure only repeats that of a file in it.
    if (target !== undefined && !/^(?:__|sub-make$|prepare0?$|\.$)/.test(target) && /\.[a-z_]+$/i.test(target)) return target;
  }
  return null;
}

/** Messages of compilers, linkers and objtool in what a build wrote to standard error; rustc's span several lines. */
export function parseDiagnostics(log: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const lines = log.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const head = readHead(line);
    if (head === null) continue;
    const text = head.isRust ? takeUntilBlank(lines, index) : line;
    diagnostics.push({ severity: head.severity, tool: head.tool, target: head.target, text });
    index += text.split('\n').length - 1;
  }
  return diagnostics;
}

type Head = { severity: Diagnostic['severity']; tool: string; target: string | null; isRust: boolean };

function readHead(line: string): Head | null {
  const rust = /^(error|warning)(?:\[E\d+\])?: /.exec(line);
  if (rust) return { severity: severityOf(rust[1]), tool: 'rustc', target: null, isRust: true };
  const objtool = /^(\S+\.o): (warning|error): objtool: /.exec(line);
  if (objtool) return { severity: severityOf(objtool[2]), tool: 'objtool', target: objtool[1] ?? null, isRust: false };
  const linker = /^(ld\.lld|llvm-\w+|pahole|bindgen)(?:-\d+)?: (?:(error|warning)\b)?/.exec(line);
  if (linker) return { severity: severityOf(linker[2] ?? 'error'), tool: linker[1] ?? '', target: null, isRust: false };
  const clang = /^(?:\S+:\d+(?::\d+)?|clang(?:-\d+)?): (?:fatal )?(error|warning): /.exec(line);
  if (clang) return { severity: severityOf(clang[1]), tool: 'clang', target: null, isRust: false };
  const make = /^make(?:\[\d+\])?: \*\*\* /.exec(line);
  return make ? { severity: 'error', tool: 'make', target: null, isRust: false } : null;
}

function severityOf(word: string | undefined): Diagnostic['severity'] {
  return word === 'warning' ? 'warning' : 'error';
}

function takeUntilBlank(lines: readonly string[], start: number): string {
  const end = lines.findIndex((line, index) => index > start && line.trim() === '');
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}
