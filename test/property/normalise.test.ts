import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normaliseMessage } from '../../src/property/normalise.ts';

describe('what differs between two meetings of a defect goes', () => {
  test.each([
    ["/src/rust/helpers/bug.c:12:3: error: use of undeclared identifier 'x'", "bug.c: error: use of undeclared identifier 'x'"],
    ['./include/linux/list.h:40: error: bad', 'list.h: error: bad'],
    ['arch/x86/include/asm/io.h:1:2: error: bad', 'io.h: error: bad'],
    ['ld.lld: error: samples/rust/.tmp_rust_minimal.o: unknown file type', 'ld.lld: error: rust_minimal.o: unknown file type'],
    ['vmlinux.o: error: objtool: f+0x1f: unreachable instruction', 'vmlinux.o: error: objtool: f+<address>: unreachable instruction'],
    ['error: stack frame size (2112) exceeds limit (2048) in f', 'error: stack frame size (<n>) exceeds limit (<n>) in f'],
    ['_RNvCs7uMWrq7opsy_4core3fmt', '_RNvC4core3fmt'],
    ['_ZN4core3fmt17h0123456789abcdefE', '_ZN4core3fmtE'],
    ['kernel.a37853dc0a564fc7-cgu.0', 'kernel.<hash>-cgu.0'],
    ['/tmp/helpers-3f2a1b.o: no such file', 'helpers-<hash>.o: no such file'],
    ['\x1b[1m\x1b[31merror\x1b[0m: bad', 'error: bad'],
  ])('%s', (message, expected) => {
    expect(normaliseMessage(message)).toBe(expected);
  });
});

test.each([
  ['is incompatible with elf_x86_64', 'is incompatible with aarch64elf'],
  ['error: target x86_64-unknown-linux-gnu', 'error: target aarch64-unknown-none'],
  ['machine EM_X86_64', 'machine EM_AARCH64'],
  ['file format elf64-x86-64', 'file format elf64-littleaarch64'],
  ['in arch/x86/kernel/a.c:3:4: bad', 'in arch/arm64/kernel/a.c:5: bad'],
])('one defect on two architectures has one message: %s', (left, right) => {
  expect(normaliseMessage(left)).toBe(normaliseMessage(right));
});

test.each([
  ["error[E0308]: mismatched types, expected `i32`, found `u64`"],
  ['error: objtool: rust_helper_foo() falls through to next function'],
  ["fatal error: 'asm.h' file not found"],
  ['error: facade added'],
])('what tells defects apart stays: %s', (message) => {
  expect(normaliseMessage(message)).toBe(message);
});

test('normalising twice changes nothing', () => {
  const bits = ['/', '.', ':', '0x', '12', 'ab', 'Cs', '_', '17h', 'E', '.llvm.', '<n>', 'x86_64', '-', 'a.c', ' ', '\x1b[1m', '.tmp_'];
  const message = fc.oneof(fc.string(), fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 3 }))).map((parts) => parts.join('')));
  fc.assert(
    fc.property(message, (text) => {
      const once = normaliseMessage(text);
      expect(normaliseMessage(once)).toBe(once);
    }),
    { numRuns: 2000 },
  );
});
