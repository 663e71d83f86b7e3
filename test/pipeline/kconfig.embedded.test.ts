import { expect, test } from 'vitest';
import { parseConfig } from '../../src/kconfig/config.ts';
import { arches } from '../../src/tree/records.ts';
import { resolveEmbedded } from '../support/toolchain.ts';

const wanted = 'CONFIG_EXPERT=y\nCONFIG_RUST=y\nCONFIG_RUST_INLINE_HELPERS=y\n';

test.each(arches)('conf resolves the miniature tree to its defaults on %s', async (arch) => {
  const config = parseConfig(await resolveEmbedded(arch, ''));
  expect(config).toMatchObject({ CC_IS_CLANG: 'y', LD_IS_LLD: 'y', RUST_IS_AVAILABLE: 'y', RUSTC_CLANG_LLVM_COMPATIBLE: 'y', '64BIT': 'y' });
  expect(config['RUST']).toBe('n');
});

test('the option survives where Linux allows it', async () => {
  for (const arch of ['x86_64', 'arm64'] as const) {
    expect(parseConfig(await resolveEmbedded(arch, wanted))).toHaveProperty('RUST_INLINE_HELPERS', 'y');
  }
});

test('a UML is X86_64 too, and the option is out of its reach all the same', async () => {
  const config = parseConfig(await resolveEmbedded('um', wanted));
  expect(config).toMatchObject({ RUST: 'y', X86_64: 'y', UML: 'y' });
  expect(config).not.toHaveProperty('RUST_INLINE_HELPERS');
});

const conflicts = {
  'shuffled structures': 'CONFIG_RANDSTRUCT_FULL=y\n',
  'versions from source': 'CONFIG_MODULES=y\nCONFIG_MODVERSIONS=y\nCONFIG_GENKSYMS=y\n',
};

test.each(Object.entries(conflicts))('%s take Rust away', async (_, fragment) => {
  const config = parseConfig(await resolveEmbedded('x86_64', wanted + fragment));
  expect(config).not.toHaveProperty('RUST');
  expect(config).not.toHaveProperty('RUST_INLINE_HELPERS');
});
