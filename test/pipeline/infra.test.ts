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
    ['FORK_FAILED', 'sh: 0: Cannot fork'],
    ['FORK_FAILED', 'LLVM ERROR: pthread_create failed: Resource temporarily unavailable'],
    ['FORK_FAILED', 'error: failed to spawn helper thread (os error 11): Os { code: 11, kind: WouldBlock, message: "try again" }'],
    ['OUT_OF_MEMORY', 'rustc-LLVM ERROR: out of memory'],
    ['OUT_OF_MEMORY', 'clang: error: out of memory'],
    ['OUT_OF_MEMORY', 'make[1]: vfork: Cannot allocate memory'],
    ['OUT_OF_MEMORY', "terminate called after throwing an instance of 'std::bad_alloc'"],
    ['PROCESS_KILLED', 'make[2]: *** [/src/scripts/Makefile.build:354: samples/rust/x.o] Error 137'],
    ['PROCESS_KILLED', 'make: *** [x.o] Bus error'],
    ['PROCESS_KILLED', 'make: *** [x.o] Bus error (core dumped)'],
    ['PROCESS_KILLED', 'make[3]: *** [Makefile:3: x.o] Terminated'],
    ['PROCESS_KILLED', 'scripts/link.sh: line 7: 4711 Killed                  ld.lld -r -o a.o b.o'],
    ['TOOL_MISSING', 'scripts/link.sh: 12: pahole: not found'],
    ['TOOL_MISSING', 'make[2]: *** [Makefile:3: x.o] Error 127'],
  ])('%s: %s', (code, line) => {
    expect(findInfraFault(`CC a.o\n${line}\nmake: *** Error 1`)).toEqual({ code, message: line });
  });
});

describe('what the build did is', () => {
  test.each([
    "error: use of undeclared identifier 'killed'",
    'ld.lld: error: undefined symbol: rust_helper_x',
    "touch: cannot touch '/src/rust/helpers/x': Read-only file system",
    'sh: 1: cannot create /sr2/rust/x: Read-only file system',
    'error[E0425]: cannot find function `out` in this scope: not found in this scope',
    'samples/rust/x.o: error: objtool: can\'t find starting instruction',
    "error: use of undeclared identifier 'ENOSPC'",
    'error: this function can run out of memory',
    '/src/a.c:3:2: error: out of memory is no condition',
    'warning: the helper is Killed by a later pass',
    'make[2]: *** [Makefile:3: x.o] Error 1',
    'make[2]: *** [Makefile:3: x.o] Segmentation fault (core dumped)',
    'make[2]: *** [Makefile:3: x.o] Error 139',
  ])('%s', (line) => {
    expect(findInfraFault(line)).toBeNull();
  });
});

describe('source that a message quotes says nothing', () => {
  test.each([
    '55 | declare_err!(ENOSPC, "No space left on device.");',
    '   10 | return q ? -ENOSPC : 0; // Killed',
    'LL |     declare_err!(EROFS, "Read-only file system.");',
    '   |     ^^^^ Input/output error',
    '55 +     declare_err!(EMFILE, "Too many open files.");',
  ])('%s', (line) => {
    const warning = `warning: odd\n --> /src/rust/kernel/error.rs:55:5\n   |\n${line}\n   |\n`;
    expect(findInfraFault(`${warning}make: *** [x.o] Error 1`)).toBeNull();
    const fault = 'error: could not write output: No space left on device (os error 28)';
    expect(findInfraFault(`${warning}${fault}\n`)).toEqual({ code: 'DISK_FULL', message: fault });
  });
});

test('a crash is data, a kill is not', () => {
  expect(classifyExit({ kind: 'signalled', signal: 'SIGSEGV' }, 'clang')).toBeNull();
  expect(classifyExit({ kind: 'signalled', signal: 'SIGKILL' }, 'clang')).toMatchObject({ kind: 'infra', code: 'PROCESS_KILLED' });
  expect(classifyExit({ kind: 'timed-out', afterMs: 5 }, 'clang')).toEqual({ kind: 'timed-out', afterMs: 5 });
  expect(classifyExit({ kind: 'exited', code: 1 }, 'clang')).toBeNull();
});
