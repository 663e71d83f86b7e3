import type { Exit } from '../util/process.ts';
import type { BuildOutcome } from './records.ts';

/** Words by which tools say that not the build but the machine under it failed. */
const signs: readonly (readonly [code: string, pattern: RegExp])[] = [
  ['DISK_FULL', /No space left on device|Disk quota exceeded|ENOSPC/],
  ['OUT_OF_MEMORY', /Cannot allocate memory|out of memory|memory exhausted|std::bad_alloc|LLVM ERROR: out of memory|memory allocation of \d+ bytes failed/i],
  ['PROCESS_KILLED', /(?:^|\s)Killed(?:\s|$)|signal: 9|SIGKILL|unable to execute command: Killed|: Terminated$/m],
  ['READ_ONLY', /Read-only file system/],
  ['IO_ERROR', /Input\/output error|Stale file handle|Too many open files|Structure needs cleaning/],
  ['TOOL_MISSING', /(?:command not found|: not found$|unable to find executable|bwrap: )/m],
  ['JOBSERVER', /jobserver (?:unavailable|tokens|mkfifo|access)|write jobserver/],
  ['FORK_FAILED', /fork: (?:retry: )?Resource temporarily unavailable|vfork: /],
];

/** The infrastructure's fault in a log, if it shows one: such a build is never a finding. */
export function findInfraFault(log: string): { code: string; message: string } | null {
  for (const [code, pattern] of signs) {
    const match = pattern.exec(log);
    if (match) return { code, message: lineAround(log, match.index) };
  }
  return null;
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
