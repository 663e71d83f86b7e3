import type { Diagnostic } from './records.ts';

/** The target that make gave up on first: `make[4]: *** [/src/scripts/Makefile.build:354: samples/rust/x.o] Error 1`. */
export function findFailedTarget(log: string): string | null {
  for (const line of log.split('\n')) {
    const target = readFailedTarget(line);
    if (target !== null) return target;
  }
  return null;
}

/**
 * Messages of compilers, linkers, objtool and make in what a build wrote to standard error, each with the target that
 * it belongs to where that can be told; some span several lines.
 */
export function parseDiagnostics(log: string): Diagnostic[] {
  const lines = log.split('\n');
  const messages: Message[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const head = readHead(line);
    if (head === null) continue;
    const text = take(head, lines, index);
    messages.push({ ...head, text, at: index, mention: [...takeIncludes(lines, index), text].join('\n') });
    index += text.split('\n').length - 1;
  }
  return attribute(messages.filter(({ text }) => !isRemark(text)), readFailures(lines));
}

/** The line of a message that says what is wrong. */
export function headlineOf({ text }: Pick<Diagnostic, 'text'>): string {
  const lines = text.trimStart().split('\n');
  return lines[0]?.startsWith('Stack dump:') ? `crashed: ${readCrash(lines)}` : (lines[0] ?? '');
}

/** What a compiler was about when it crashed: the last entry of its own list, without the function that it was at. */
function readCrash(lines: readonly string[]): string {
  const last = lines.findLast((line) => /^\d+\.\s/.test(line)) ?? '';
  return last.replace(/^\d+\.\s+/, '').replace(/ on (?:function|module) '[^']*'\.?$/, '').replace(/\b(?:X86|AArch64|ARM)\b/g, '<arch>');
}

/** All lines of the message that begins here. */
function take({ tool }: Head, lines: readonly string[], index: number): string {
  if (lines[index] === 'Stack dump:') return takeDump(lines, index);
  if (tool === 'rustc') return takeUntilBlank(lines, index);
  return tool === 'ld.lld' ? takeReferences(lines, index) : (lines[index] ?? '');
}

type Head = { severity: Diagnostic['severity']; tool: string; target: string | null };
/** A message, the line where it begins, and all the text that may name its file. */
type Message = Diagnostic & { at: number; mention: string };

function readHead(line: string): Head | null {
  const objtool = /^(?:(\S+\.o): )?(warning|error): objtool(?: \[[^\]]*\])?: /.exec(line);
  if (objtool) return { severity: severityOf(objtool[2]), tool: 'objtool', target: objtool[1] ?? null };
  const rust = /^(error|warning)(?:\[E\d+\])?: /.exec(line);
  if (rust) return { severity: severityOf(rust[1]), tool: whoseBare(line), target: null };
  const parsed = /^\s*Error: unknown option /.test(line);
  if (parsed) return { severity: 'error', tool: 'objtool', target: null };
  // LLVM's own end, in whichever tool it is: what it says, or where it was when it crashed.
  if (/^(?:\S+-)?LLVM ERROR: |^fatal error: error in backend: |^Stack dump:$/.test(line)) return { severity: 'error', tool: 'llvm', target: null };
  const modpost = /^(ERROR|WARNING): modpost: /.exec(line);
  if (modpost) return { severity: severityOf(modpost[1]?.toLowerCase()), tool: 'modpost', target: null };
  // resolve_btfids, which finishes BTF, does not always say its name.
  const btfids = /^(?:(WARN|ERROR): (?:resolve_btfids: |multiple IDs found for )|FAILED(?:: |\s))/.exec(line);
  if (btfids) return { severity: btfids[1] === 'WARN' ? 'warning' : 'error', tool: 'resolve_btfids', target: null };
  const linker = /^(ld\.lld|llvm-\w+|pahole|bindgen)(?:-\d+)?: (?:(error|warning)\b)?/.exec(line);
  if (linker) return { severity: severityOf(linker[2] ?? 'error'), tool: linker[1] ?? '', target: null };
  const clang = /^(?:\S+:\d+(?::\d+)?|clang(?:-\d+)?): (?:fatal )?(error|warning): /.exec(line);
  if (clang) return { severity: severityOf(clang[1]), tool: 'clang', target: null };
  const refused = /^(?:\S*\/)?([\w.-]+): .*Read-only file system/.exec(line);
  if (refused) return { severity: 'warning', tool: refused[1] ?? '', target: null };
  const make = /^(?:make(?:\[\d+\])?|\S+:\d+): \*\*\* /.test(line) && !isPassedOn(line);
  return make ? { severity: 'error', tool: 'make', target: readFailedTarget(line) } : null;
}

/** A message that begins with its severity is rustc's, unless clang or LLVM's linker of bitcode says it of no line of a file. */
function whoseBare(line: string): string {
  if (/^error: (?:Linking globals named|linking module flags) /.test(line)) return 'llvm-link';
  return /\[-W[\w,=-]+\]$/.test(line) ? 'clang' : 'rustc';
}

function severityOf(word: string | undefined): Diagnostic['severity'] {
  return word === 'warning' ? 'warning' : 'error';
}

/** A file that make could not make; null for a directory or a phony target, which only repeats a failure below it. */
function readFailedTarget(line: string): string | null {
  const target = /^make(?:\[\d+\])?: \*\*\* (?:\[[^\]\s]+: |No rule to make target ')([^\]']+)[\]']/.exec(line)?.[1];
  return target !== undefined && /[^/]\.[a-z_]+$/i.test(target) ? target : null;
}

/** What make says once more on its way up: a recipe of a directory that failed, jobs that it waits for. */
function isPassedOn(line: string): boolean {
  return /\*\*\* (?:Waiting for unfinished jobs|Deleting )/.test(line) || (/\*\*\* \[[^\]]+\] Error 2$/.test(line) && readFailedTarget(line) === null);
}

/** Counts of errors and the like: they follow a message and differ with how many there were. */
function isRemark(text: string): boolean {
  return /^(?:error: aborting due to |warning: (?:.+ generated )?\d+ warnings? emitted|\S+ (?:fatal )?error: too many errors emitted)/.test(text);
}

function takeUntilBlank(lines: readonly string[], start: number): string {
  // Jobs write at the same time: what make or another tool says is never part of a message.
  const end = lines.findIndex((line, index) => index > start && (line.trim() === '' || /^make(?:\[\d+\])?: \*\*\* /.test(line) || readHead(line) !== null));
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}

/** What LLVM was at when it crashed, one numbered line for each level; without the addresses after it. */
function takeDump(lines: readonly string[], start: number): string {
  const end = lines.findIndex((line, index) => index > start && !/^\d+\.\s/.test(line));
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}

/** `>>> referenced by …` */
function takeReferences(lines: readonly string[], start: number): string {
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('>>> '));
  return lines.slice(start, end === -1 ? undefined : end).join('\n');
}

/** `In file included from a.c:1:`, above a message about a header. */
function takeIncludes(lines: readonly string[], start: number): string[] {
  const begin = lines.findLastIndex((line, index) => index < start && !line.startsWith('In file included from '));
  return lines.slice(begin + 1, start);
}

/** A target that make could not make, and the line that says so. */
type FailedTarget = { target: string; at: number };

function readFailures(lines: readonly string[]): FailedTarget[] {
  return lines.flatMap((line, at) => {
    const target = readFailedTarget(line);
    return target === null ? [] : [{ target, at }];
  });
}

/**
 * Gives each error its target. Tools name their input, not what they make of it, and jobs write at the same time: an
 * error is a target's own if it names that one's source, or if that is the only one that make gives up on after it.
 */
function attribute(messages: readonly Message[], failures: readonly FailedTarget[]): Diagnostic[] {
  return messages.map(({ severity, tool, target, text, at, mention }) => {
    if (target !== null || severity === 'warning' || tool === 'make') return { severity, tool, target, text };
    return { severity, tool, target: findNamed(mention, failures) ?? findOnly(failures.filter((failure) => failure.at > at)), text };
  });
}

/** `samples/rust/x.o` is made of `samples/rust/x.rs`, `x.m.bc`, `x/part.rs`. */
function findNamed(mention: string, failures: readonly FailedTarget[]): string | null {
  const words = mention.split(/[\s'"`():,]+/);
  return findOnly(failures.filter(({ target }) => {
    const stem = target.replace(/\.\w+$/, '');
    return words.some((word) => [`${stem}.`, `${stem}/`].some((start) => word.startsWith(start) || word.includes(`/${start}`)));
  }));
}

function findOnly(failures: readonly FailedTarget[]): string | null {
  const [only, ...others] = new Set(failures.map(({ target }) => target));
  return others.length === 0 ? (only ?? null) : null;
}
