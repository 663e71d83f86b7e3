import { describe, expect, test } from 'vitest';
import { classifyExit, findInfraFault } from '../../src/pipeline/infra.ts';

describe('what the machine did is no finding', () => {
  test.each([
    ['DISK_FULL', 'error: could not write output: No space left on device (os error 28)'],
    ['DISK_FULL', 'LLVM ERROR: IO failure on output stream: No space left on device'],
    ['OUT_OF_MEMORY', 'LLVM ERROR: out of memory'],
    ['OUT_OF_MEMORY', 'memory allocation of 1048576 bytes failed'],
    ['PROCESS_KILLED', 'error: could not compile (signal: 9, SIGKILL: kill)'],
    ['PROCESS_KILLED', 'make[2]: *** [Makefile:3: x.o] Killed'],
    ['PROCESS_KILLED', 'clang: error: unable to execute command: Killed'],
    ['TOOL_MISSING', '/bin/sh: 1: llvm-link: not found'],
    ['TOOL_MISSING', 'bash: line 1: clang: command not found'],
    ['READ_ONLY', 'error: unable to open output file: Read-only file system'],
    ['IO_ERROR', 'read error: Input/output error'],
    ['FORK_FAILED', 'sh: fork: Resource temporarily unavailable'],
  ])('%s: %s', (code, line) => {
    expect(findInfraFault(`CC a.o\n${line}\nmake: *** Error 1`)).toEqual({ code, message: line });
  });
});

describe('what the build did is', () => {
  test.each([
    "error: use of undeclared identifier 'killed'",
    'ld.lld: error: undefined symbol: rust_helper_x',
    'error[E0425]: cannot find function `out` in this scope: not found in this scope',
    'samples/rust/x.o: error: objtool: can\'t find starting instruction',
  ])('%s', (line) => {
    expect(findInfraFault(line)).toBeNull();
  });
});

test('a crash is data, a kill is not', () => {
  expect(classifyExit({ kind: 'signalled', signal: 'SIGSEGV' }, 'clang')).toBeNull();
  expect(classifyExit({ kind: 'signalled', signal: 'SIGKILL' }, 'clang')).toMatchObject({ kind: 'infra', code: 'PROCESS_KILLED' });
  expect(classifyExit({ kind: 'timed-out', afterMs: 5 }, 'clang')).toEqual({ kind: 'timed-out', afterMs: 5 });
  expect(classifyExit({ kind: 'exited', code: 1 }, 'clang')).toBeNull();
});
