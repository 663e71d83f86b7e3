/**
 * Arguments of `pahole` whose output {@link parseEncoding} reads: it encodes, tells each type, and throws the result
 * away. Rust is left out as the kernel leaves it out (scripts/Makefile.btf).
 */
export const encodeArguments = ['-J', '-V', '--btf_encode_detached=/dev/null', '--btf_encode_force', '--lang_exclude=rust'];

/** Types of pahole's account of an encoding: `[7] STRUCT file size=8`; members are indented, other lines tell the way. */
export function parseEncoding(output: string): string[] {
  return Array.from(output.matchAll(/^\[\d+\] (.+)$/gm), ([, type = '']) => type);
}

/** Arguments of `pahole` whose output {@link parseNames} reads; `base` relative to the objtree. */
export function btfArguments(base: string | null): string[] {
  return ['-F', 'btf', ...(base === null ? [] : [`--btf_base=${base}`])];
}

/** Named structs and unions of a listing in C: `struct task_struct {`. */
export function parseNames(listing: string): string[] {
  return Array.from(listing.matchAll(/^(?:struct|union) (.+) \{$/gm), ([, name = '']) => name);
}
