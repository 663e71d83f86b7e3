import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBuild } from '../../src/pipeline/embedded/plan.ts';
import type { Setting } from '../../src/pipeline/embedded/setting.ts';
import type { PlannedStep } from '../../src/pipeline/records.ts';
import { arches } from '../../src/tree/records.ts';

const switches = [
  'RUST', 'RUST_INLINE_HELPERS', 'LTO', 'LTO_CLANG', 'LTO_CLANG_FULL', 'OBJTOOL', 'X86_KERNEL_IBT', 'CFI', 'KASAN', 'KASAN_GENERIC', 'DEBUG_INFO',
  'DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES',
];
const tristates = ['SAMPLE_RUST_MINIMAL', 'SAMPLE_RUST_PRINT', 'BLK_DEV_RUST_NULL'];

const settings: fc.Arbitrary<Setting> = fc.record({
  arch: fc.constantFrom(...arches),
  config: fc.record({
    ...Object.fromEntries(switches.map((symbol) => [symbol, fc.constantFrom('y', 'n')])),
    ...Object.fromEntries(tristates.map((symbol) => [symbol, fc.constantFrom('y', 'm', 'n')])),
  }),
  source: fc.constant('/src'),
  hasObjtool: fc.boolean(),
});

/** Configurations that Kconfig could give: no Rust without RUST. */
function withRust(config: Record<string, string>): Record<string, string> {
  return { RUST: 'y', EXPERT: 'y', MODULES: 'y', SAMPLE_RUST_MINIMAL: 'm', SAMPLE_RUST_PRINT: 'y', OBJTOOL: 'y', ...config };
}

function plan(config: Record<string, string>, arch: Setting['arch'] = 'x86_64'): PlannedStep[] {
  return planBuild({ arch, config: withRust(config), source: '/src', hasObjtool: true });
}

function rolesOf(steps: PlannedStep[], target: string): string[] {
  return steps.filter((step) => step.target === target).map(({ role, tool }) => `${role} ${tool}`);
}

test('the same setting gives the same plan', () => {
  fc.assert(
    fc.property(settings, (setting) => {
      expect(planBuild(setting)).toEqual(planBuild(structuredClone(setting)));
    }),
  );
});

test('a step reads what the source or a step before it holds', () => {
  fc.assert(
    fc.property(settings, (setting) => {
      const written = new Set<string>();
      for (const { inputs, outputs } of planBuild(setting)) {
        for (const input of inputs) expect(input.startsWith('/src/') || written.has(input), input).toBe(true);
        for (const output of outputs) written.add(output);
      }
    }),
  );
});

test('helpers are bitcode with the option and an object without it', () => {
  expect(rolesOf(plan({ RUST_INLINE_HELPERS: 'y' }), 'rust/helpers/helpers.o')).toEqual([]);
  expect(rolesOf(plan({ RUST_INLINE_HELPERS: 'y' }), 'rust/helpers/helpers_module.bc')).toEqual(['helpers clang']);
  expect(rolesOf(plan({}), 'rust/helpers/helpers.o')).toEqual(['other clang', 'check objtool']);
  expect(rolesOf(plan({}), 'rust/exports_helpers_generated.h')).toEqual(['exports llvm-nm']);
});

test('a crate of a module goes the whole way under LTO', () => {
  const steps = plan({ RUST_INLINE_HELPERS: 'y', LTO: 'y', LTO_CLANG: 'y', LTO_CLANG_FULL: 'y' });
  expect(rolesOf(steps, 'samples/rust/rust_minimal.o')).toEqual(['crate rustc', 'link llvm-link', 'codegen clang', 'to-elf ld.lld', 'to-elf mv', 'check objtool']);
  const generated = steps.find(({ role, target }) => role === 'codegen' && target === 'samples/rust/rust_minimal.o');
  expect(generated?.argv).toContain('-fno-lto');
  expect(generated?.argv).not.toContain('-flto');
  expect(steps.find(({ role }) => role === 'helpers')?.argv).toContain('-flto');
});

test('what is built in waits for vmlinux.o where objtool is delayed', () => {
  expect(rolesOf(plan({}), 'samples/rust/rust_print_main.o')).toEqual(['crate rustc', 'check objtool']);
  const delayed = plan({ X86_KERNEL_IBT: 'y' });
  expect(rolesOf(delayed, 'samples/rust/rust_print_main.o')).toEqual(['crate rustc']);
  expect(rolesOf(delayed, 'vmlinux.o')).toEqual(['other ld.lld', 'check objtool']);
});

test('names of machines differ on arm64, as in the kernel', () => {
  const steps = plan({ RUST_INLINE_HELPERS: 'y' }, 'arm64');
  expect(steps.find(({ role }) => role === 'crate')?.argv).toContain('--target=aarch64-unknown-none-softfloat');
  expect(steps.find(({ role }) => role === 'codegen')?.argv).toContain('--target=aarch64-linux-gnu');
});
