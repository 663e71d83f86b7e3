/**
 * A tool's message with everything replaced that differs between two meetings of one defect: directories, line
 * numbers, hashes, addresses, sizes, architectures. What is left identifies the defect. Idempotent.
 */
export function normaliseMessage(text: string): string {
  const next = rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text).trim();
  // A replacement can join what it stood between into something that a rule knows, so go on to the fixed point. Each
  // round removes characters that no rule puts back, so there is one.
  return next === text ? text : normaliseMessage(next);
}

const triple = String.raw`\b(?:x86_64|aarch64|arm64|i[36]86)(?:-[a-z0-9_]+){1,3}\b`;
// As compilers (`x86_64`), ELF (`EM_AARCH64`), file formats (`elf64-littleaarch64`) and linkers (`aarch64elf`) say it.
const machine = '(?:x86[-_]64|X86_64|x86|amd64|(?:little)?aarch64|AARCH64|arm64|ARM64)';
const arch = String.raw`\b(?:(?:EM|elf64|elf)[-_])?${machine}(?:elf|linux)?\b`;

const rules: readonly (readonly [RegExp, string])[] = [
  [/\x1b\[[0-9;]*[A-Za-z]/g, ''],
  // `arch/x86/include/asm/io.h` → `io.h`, `/obj/rust/.tmp_kernel.o` → `kernel.o`
  [/(?:[\w.+@~-]*\/)+(?:\.tmp_)?(?=[\w.+@-])/g, ''],
  [/(\.[A-Za-z]\w{0,3})(?::\d+){1,2}/g, '$1'],
  [/\b0x[0-9a-fA-F]+\b/g, '<address>'],
  [new RegExp(triple, 'g'), '<arch>'],
  [new RegExp(arch, 'g'), '<arch>'],
  // Rust's mangling: crate disambiguators of v0 (`Cs7uMWrq7opsy_`), hashes of the legacy one (`17h0123456789abcdefE`).
  [/Cs[0-9A-Za-z]+_/g, 'C'],
  [/17h[0-9a-f]{16}E/g, 'E'],
  [/::h[0-9a-f]{16}\b/g, ''],
  [/\.llvm\.\d+/g, ''],
  // `size_t` is `unsigned int` somewhere.
  [/ \(aka '[^']*'\)/g, ''],
  // How deep make has called itself.
  [/\bmake\[\d+\]: /g, 'make: '],
  // Thin LTO names the object, full LTO a temporary one.
  [/\S+ <inline asm>(?::\d+)*/g, '<inline asm>'],
  // A hash has letters and digits both, unlike a word or a count; clang's temporary files have six digits of it.
  [/(?<![0-9A-Za-z])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{6,}(?![0-9A-Za-z])/g, '<hash>'],
  [/(?<![\w.])\d+(?:\.\d+)*(?![\w])/g, '<n>'],
  [/\s+/g, ' '],
];
