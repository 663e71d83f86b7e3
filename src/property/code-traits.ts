import type { CodeFunction, ElfFacts } from '../artifact/reader.ts';

/** The code of one object. */
export type ObjectCode = { elf: ElfFacts; code: CodeFunction[] };

/** How often an object's code has a trait where it could, and where it has not: `NAME: what stands there instead`. */
export type Count = { upheld: number; broken: string[] };

/**
 * What hardening leaves in code. Whether a configuration asks for it is told by code of the same build: see
 * {@link findPromises}.
 */
export type Trait = { name: string; count: (object: ObjectCode) => Count };

export const traits: readonly Trait[] = [
  {
    // IBT and BTI. What pac-ret puts there does as a landing pad too.
    name: 'landing-pads',
    count: (object) => judgeEach(globalsOf(object), ({ instructions: [first = ''] }) => (/^(?:endbr64|bti)\b/.test(first) ? 'upheld' : /^paci[ab]sp$/.test(first) ? 'silent' : first)),
  },
  {
    // kCFI: x86 puts it into an instruction that has a symbol, arm64 into a word.
    name: 'type-hashes',
    count: (object) => {
      const marks = new Set(object.elf.symbols.map(({ name }) => name));
      const hasHash = ({ name, before }: CodeFunction) => marks.has(`__cfi_${name}`) || before?.startsWith('.word ') === true;
      return judgeEach(globalsOf(object), (function_) => (hasHash(function_) ? 'upheld' : 'no hash before it'));
    },
  },
  { name: 'checked-calls', count: countCheckedCalls },
  {
    name: 'return-thunks',
    count: ({ code }) => judgeInstructions(code, (text) => (text.endsWith('@__x86_return_thunk') ? 'upheld' : /^retq?$/.test(text) ? text : 'silent')),
  },
  {
    name: 'retpolines',
    count: ({ code }) => judgeInstructions(code, (text) => (/@__x86_indirect_thunk_/.test(text) ? 'upheld' : /^(?:call|jmp)q? \*%/.test(text) ? text : 'silent')),
  },
  { name: 'call-padding', count: countPatchableEntries },
  {
    name: 'signed-returns',
    count: ({ code }) => judgeEach(code.filter(savesReturn), ({ instructions }) => (instructions.some((text) => /^paci[ab]sp$/.test(text)) ? 'upheld' : 'saves x30 unsigned')),
  },
  {
    name: 'shadow-stack',
    count: ({ code }) => judgeEach(code.filter(savesReturn), ({ instructions }) => (instructions.some((text) => text.startsWith('str x30, [x18], #')) ? 'upheld' : 'saves x30 on the stack alone')),
  },
  {
    // What the kernel patches arm64's signing into shadow stacks by, at boot.
    name: 'unwind-tables',
    count: ({ elf, code }) => {
      const table = elf.sections.find(({ name }) => name === '.eh_frame');
      return { upheld: table?.size ?? 0, broken: table === undefined && code.length > 0 ? ['no .eh_frame'] : [] };
    },
  },
];

/**
 * Traits that hold throughout some code, and show in it: what its configuration, or its compiler, gives to all code.
 */
export function findPromises(objects: readonly ObjectCode[]): Trait[] {
  return traits.filter(({ count }) => {
    const counts = objects.map(count);
    return counts.some(({ upheld }) => upheld > 0) && counts.every(({ broken }) => broken.length === 0);
  });
}

/** `silent`: the trait is not for it. Anything else than that and `upheld` tells what stands there instead. */
type Word = 'upheld' | 'silent' | (string & {});

function judgeEach(functions: readonly CodeFunction[], judge: (function_: CodeFunction) => Word): Count {
  const words = functions.map((function_) => ({ name: function_.name, word: judge(function_) })).filter(({ word }) => word !== 'silent');
  return { upheld: words.filter(({ word }) => word === 'upheld').length, broken: words.filter(({ word }) => word !== 'upheld').map(({ name, word }) => `${name}: ${word}`) };
}

function judgeInstructions(code: readonly CodeFunction[], judge: (text: string) => Word): Count {
  const words = code.flatMap(({ name, instructions }) =>
    instructions.map((text) => ({ name, word: judge(text) })).filter(({ word }) => word !== 'silent'),
  );
  return { upheld: words.filter(({ word }) => word === 'upheld').length, broken: words.filter(({ word }) => word !== 'upheld').map(({ name, word }) => `${name}: ${word}`) };
}

/** Functions that other objects can call. Two symbols at one place show as one, so some have no code here. */
function globalsOf({ elf, code }: ObjectCode): CodeFunction[] {
  const names = new Set(elf.symbols.filter(({ type, binding, section }) => type === 'Function' && binding !== 'local' && section !== 'UNDEF').map(({ name }) => name));
  return code.filter(({ name }) => names.has(name));
}

/** Saves its return address in its frame, as what calls others does on arm64. */
function savesReturn({ instructions }: CodeFunction): boolean {
  return instructions.some((text) => /^(?:stp x\d+, x30|str x30), \[sp/.test(text));
}

/**
 * kCFI checks a target before it is called: x86 lists the places in `.kcfi_traps`, four bytes each, arm64 traps with a
 * number of its own. Calls through a variable at a fixed place are assembly's, for paravirt to patch.
 */
function countCheckedCalls({ elf, code }: ObjectCode): Count {
  const all = code.flatMap(({ instructions }) => instructions);
  const calls = all.filter((text) => /^callq? .*@__x86_indirect_thunk_|^callq? \*(?:%|\S*\(%r(?!ip))|^blr /.test(text)).length;
  const listed = elf.sections.filter(({ name }) => name === '.kcfi_traps').reduce((sum, { size }) => sum + size / 4, 0);
  const checks = listed + all.filter((text) => text.startsWith('brk #0x82')).length;
  return { upheld: checks, broken: calls > checks ? [`${calls} indirect calls, ${checks} checks`] : [] };
}

/** Each function with room before it has an entry of eight bytes. */
function countPatchableEntries(object: ObjectCode): Count {
  const entries = object.elf.sections.filter(({ name }) => name === '__patchable_function_entries').reduce((sum, { size }) => sum + size / 8, 0);
  const functions = globalsOf(object).length;
  return { upheld: entries, broken: functions > entries ? [`${functions} functions for others, ${entries} with room`] : [] };
}
