/** A recorded `llvm-link` as it would warn, writing nothing. LLVM's tools leave a device that they are to write to alone. */
export function repeatLink(argv: readonly string[]): string[] {
  return [...dropOutput(argv).filter((word) => !/^--?suppress-warnings$/.test(word)), '-o', '/dev/null'];
}

/**
 * A recorded code generation that only reads its input and says what it changes about it. Nothing is optimised or
 * written, and what would be an error under `-Werror` is said all the same.
 */
export function repeatReading(argv: readonly string[]): string[] {
  const words = dropOutput(argv).filter((word) => word !== '-Wno-override-module');
  return [...words, '-Woverride-module', '-Wno-error', '-emit-llvm', '-Xclang', '-disable-llvm-passes', '-o', '/dev/null'];
}

/** A recorded code generation that stops at the optimised IR, prints it, and says what it did not inline and why. */
export function repeatOptimising(argv: readonly string[]): string[] {
  const words = dropOutput(argv).filter((word) => word !== '-c');
  return [...words, '-S', '-emit-llvm', '-Rpass-missed=inline', '-fno-caret-diagnostics', '-o', '-'];
}

function dropOutput(argv: readonly string[]): string[] {
  return argv.filter((word, index) => word !== '-o' && argv[index - 1] !== '-o');
}
