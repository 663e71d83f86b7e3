import type { Exit } from '../util/process.ts';
import type { BuildOutcome } from './records.ts';

/**
 * Words by which tools say that not the build but the machine under it failed. Some of them are also English, or what
 * `strerror` gives and kernel sources repeat: those count only where a tool would put them.
 */
const signs: readonly (readonly [code: string, pattern: RegExp])[] = [
  ['DISK_FULL', /No space left on device|Disk quota exceeded/],
  ['OUT_OF_MEMORY', /Cannot allocate memory|^(?:\S*LLVM ERROR|(?:[\w.-]+: )?(?:(?:fatal )?error|fatal)|[\w.-]+): out of memory\b|Out of memory: Killed|memory exhausted|std::bad_alloc|memory allocation of \d+ bytes failed/im],
  // A shell between make and the tool makes 128 + its number of a signal: INT, BUS, KILL, TERM, XCPU, XFSZ.
  ['PROCESS_KILLED', /^Killed$|[:\]] Killed$|: line \d+: +\d+ Killed\s|signal: (?:7|9|15)\b|[:\]] (?:Terminated|Bus error)(?: \(core dumped\))?$|\] Error (?:130|135|137|143|152|153)$/m],
  // The tree is read-only on purpose (/src, /sr2): a build that fails because it writes there is itself at fault.
  ['READ_ONLY', /^(?!.*\/sr[c2]\/).*Read-only file system/m],
  ['IO_ERROR', /Input\/output error|Stale file handle|Too many open files|Structure needs cleaning/],
  ['TOOL_MISSING', /^(?:\S+: )+(?:line )?(?:\d+: )?\S+: (?:command )?not found$|unable to find executable|^bwrap: |\] Error 127$/m],
  ['JOBSERVER', /jobserver (?:unavailable|tokens|mkfifo|access)|write jobserver/],
  ['FORK_FAILED', /Resource temporarily unavailable|[Cc]annot fork|\bvfork: |failed to spawn \w+ thread|Os \{ code: 11,/],
];

/** The infrastructure's fault in a log, if it shows one: such a build is never a finding. */
export function findInfraFault(log: string): { code: string; message: string } | null {
  const said = dropQuotes(log);
  for (const [code, pattern] of signs) {
    const match = pattern.exec(said);
    if (match) return { code, message: lineAround(said, match.index) };
  }
  return null;
}

/** Without the source text that compilers quote below a message: the kernel's names errors, and words them. */
function dropQuotes(log: string): string {
  return log.split('\n').filter((line) => !/^\s*(?:(?:\d+|LL|\.\.\.)\s*)?\||^\s*\d+\s+[-+~] /.test(line)).join('\n');
}

/** What an unsuccessful exit says about the build, before its messages are looked at; null for a plain exit code. */
export function classifyExit(exit: Exit, what: string): BuildOutcome | null {
  switch (exit.kind) {
    case 'timed-out':
      return { kind: 'timed-out', afterMs: exit.afterMs };
    case 'cancelled':
      return { kind: 'cancelled' };
    case 'signalled':
      // A compiler's own crash (SIGSEGV, SIGABRT …) is data; what was killed from outside is not.
      return ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU', 'SIGXFSZ', 'SIGBUS'].includes(exit.signal)
        ? { kind: 'infra', code: 'PROCESS_KILLED', message: `${what} was killed by ${exit.signal}` }
        : null;
    case 'exited':
      return null;
  }
}

function lineAround(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1;
  const end = text.indexOf('\n', index);
  return text.slice(start, end === -1 ? undefined : end).trim().slice(0, 400);
}
