/** Arguments of `llvm-readobj` whose output {@link parseModinfo} reads. */
export const modinfoArguments = ['--string-dump=.modinfo'];

/** The strings of the dumped section, each without the offset before it: `[   105] import_ns=PWM`. */
export function parseModinfo(dump: string): string[] {
  return Array.from(dump.matchAll(/^\[ *[0-9a-f]+\] (.*)$/gm), ([, text = '']) => text);
}
