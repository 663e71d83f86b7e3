import { describe, expect, test } from 'vitest';
import type { CodeFunction, ElfSymbol } from '../../src/artifact/reader.ts';
import { findPromises, type ObjectCode, traits } from '../../src/property/code-traits.ts';

type Shape = Partial<CodeFunction> & { binding?: ElfSymbol['binding'] };

/** An object of functions, all global where nothing is said; `sections` by size. */
function makeObject(functions: Record<string, Shape>, sections: Record<string, number> = {}, marks: string[] = []): ObjectCode {
  const symbol = (name: string, binding: ElfSymbol['binding'], type: string): ElfSymbol => ({ name, binding, type, visibility: 'default', section: '.text', value: 0, size: 4 });
  const symbols = [...Object.entries(functions).map(([name, { binding }]) => symbol(name, binding ?? 'global', 'Function')), ...marks.map((name) => symbol(name, 'local', 'NoType'))];
  const code = Object.entries(functions).map(([name, { before = null, instructions = [] }]) => ({ name, before, instructions }));
  return { elf: { machine: 'EM_X86_64', type: 'Relocatable', sections: Object.entries(sections).map(([name, size]) => ({ name, type: '', flags: [], size })), symbols }, code };
}

function countOf(name: string, object: ObjectCode): [upheld: number, broken: number] {
  const trait = traits.find((candidate) => candidate.name === name);
  if (!trait) throw new Error(`no trait ${name}`);
  const { upheld, broken } = trait.count(object);
  return [upheld, broken.length];
}

describe('what code shows', () => {
  test.each<[string, string, ObjectCode, [number, number]]>([
    ['landing-pads', 'of x86, not of what nobody else calls', makeObject({ f: { instructions: ['endbr64', 'ret'] }, g: { instructions: ['pushq %rbp'], binding: 'local' } }), [1, 0]],
    ['landing-pads', 'of arm64, where signing does too', makeObject({ f: { instructions: ['bti c'] }, g: { instructions: ['paciasp'] }, h: { instructions: ['sub sp, sp, #0x10'] } }), [1, 1]],
    ['type-hashes', 'of x86', makeObject({ f: {}, g: {} }, {}, ['__cfi_f']), [1, 1]],
    ['type-hashes', 'of arm64', makeObject({ f: { before: '.word 0xdcf05a8a' }, g: { before: 'ret' } }), [1, 1]],
    ['checked-calls', 'of x86', makeObject({ f: { instructions: ['callq 0x5 @__x86_indirect_thunk_r11', 'callq *%rax', 'callq 0x5 @memcpy'] } }, { '.kcfi_traps': 8 }), [2, 0]],
    ['checked-calls', 'of x86, but for paravirt', makeObject({ f: { instructions: ['callq *(%rip) @pv_ops', 'callq *0x0 @pv_ops'] } }), [0, 0]],
    ['checked-calls', 'of x86, through memory', makeObject({ f: { instructions: ['callq *0x8(%rax)'] } }), [0, 1]],
    ['checked-calls', 'of arm64', makeObject({ f: { instructions: ['brk #0x8228', 'blr x8', 'brk #0x800', 'blr x9'] } }), [1, 1]],
    ['return-thunks', '', makeObject({ f: { instructions: ['jmp 0x7 @__x86_return_thunk', 'retq'] } }), [1, 1]],
    ['retpolines', '', makeObject({ f: { instructions: ['jmp 0x7 @__x86_indirect_thunk_rax', 'jmpq *%rax', 'callq *(%rip) @pv_ops'] } }), [1, 1]],
    ['call-padding', 'one for each function', makeObject({ f: {}, g: {} }, { __patchable_function_entries: 16 }), [2, 0]],
    ['call-padding', 'too few', makeObject({ f: {}, g: {} }, { __patchable_function_entries: 8 }), [1, 1]],
    ['signed-returns', '', makeObject({ f: { instructions: ['paciasp', 'stp x29, x30, [sp, #-0x10]!'] }, g: { instructions: ['str x30, [sp, #0x8]'] }, leaf: { instructions: ['ret'] } }), [1, 1]],
    ['shadow-stack', '', makeObject({ f: { instructions: ['str x30, [x18], #0x8', 'str x30, [sp]'] }, g: { instructions: ['stp x29, x30, [sp]'] } }), [1, 1]],
    ['unwind-tables', '', makeObject({ f: {} }, { '.eh_frame': 40 }), [40, 0]],
    ['unwind-tables', 'none', makeObject({ f: {} }), [0, 1]],
  ])('%s %s', (name, _, object, expected) => {
    expect(countOf(name, object)).toEqual(expected);
  });
});

describe('what is promised', () => {
  const padded = makeObject({ f: { instructions: ['endbr64'] } });
  const bare = makeObject({ f: { instructions: ['pushq %rbp'] } });
  const names = (objects: ObjectCode[]) => findPromises(objects).map(({ name }) => name);

  test('what shows somewhere and fails nowhere', () => {
    expect(names([padded, makeObject({})])).toEqual(['landing-pads']);
  });

  test('not what fails anywhere, or never shows', () => {
    expect(names([padded, bare])).toEqual([]);
    expect(names([makeObject({})])).toEqual([]);
    expect(names([])).toEqual([]);
  });
});
