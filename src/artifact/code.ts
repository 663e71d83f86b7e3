import type { CodeFunction } from './reader.ts';

/** Arguments of `llvm-objdump` whose output {@link parseCode} reads. */
export const codeArguments = ['--disassemble', '--reloc', '--no-show-raw-insn', '--no-leading-addr'];

/**
 * Functions of a disassembly. A symbol begins a function; but the compiler's labels (`.Ltmp3`) and the marks that tell
 * code from data (`$x`, `$d`) begin none, and objtool's and the compiler's marks before a function (`__pfx_f`,
 * `__cfi_f`) are no functions either.
 */
export function parseCode(dump: string): CodeFunction[] {
  const functions: CodeFunction[] = [];
  let current: CodeFunction | null = null;
  let last: string | null = null;
  for (const line of dump.split('\n')) {
    const label = /^<(.+)>:$/.exec(line)?.[1];
    if (label !== undefined) {
      if (/^(?:\.L|\$)/.test(label)) continue;
      current = /^__(?:pfx|cfi)_/.test(label) ? null : { name: label, before: last, instructions: [] };
      if (current) functions.push(current);
    } else if (line.startsWith('Disassembly of section ')) {
      current = last = null;
    } else {
      last = readInstruction(line, current) ?? last;
    }
  }
  return functions;
}

/** A relocation belongs to the instruction above it; what is no instruction gives null. */
function readInstruction(line: string, current: CodeFunction | null): string | null {
  const relocation = /^\t\tR_\w+\t([^\s+-]+)/.exec(line)?.[1];
  if (relocation !== undefined) {
    current?.instructions.push(`${current.instructions.pop() ?? ''} @${relocation}`);
    return null;
  }
  const [, text] = /\t(\S.*)$/.exec(line) ?? [];
  if (text === undefined) return null;
  // Comments, and how far into which symbol a jump goes. An immediate of arm64 has no space after its `#`.
  const instruction = text.replace(/\s+(?:# |\/\/ |<).*$/, '').replaceAll('\t', ' ');
  current?.instructions.push(instruction);
  return instruction;
}
