import { expect, test } from 'vitest';
import { passNames } from '../../src/property/contract.ts';
import { requirePass } from '../../src/property/subject.ts';
import type { Arch } from '../../src/tree/records.ts';
import { buildWithPasses } from '../support/passes.ts';
import { resolveEmbedded, withDirectory } from '../support/toolchain.ts';

const wanted = 'CONFIG_EXPERT=y\nCONFIG_MODULES=y\nCONFIG_RUST=y\nCONFIG_RUST_INLINE_HELPERS=y\nCONFIG_SAMPLES=y\nCONFIG_SAMPLES_RUST=y\nCONFIG_SAMPLE_RUST_MINIMAL=m\n';

async function sample(arch: Arch, more = '') {
  return { arch, config: await resolveEmbedded(arch, wanted + more), mutant: null };
}

test('each pass makes what it is named for, and leaves the first build alone', () =>
  withDirectory(async (directory) => {
    const subject = await buildWithPasses(directory, await sample('x86_64'), passNames);
    const before = await subject.artifacts.digest('samples/rust/rust_minimal.o');
    const [twin, again, incremental, clean] = [requirePass(subject, 'twin'), requirePass(subject, 'again'), requirePass(subject, 'incremental'), requirePass(subject, 'clean')];
    for (const { build } of [twin, again, incremental]) expect(build.outcome).toEqual({ kind: 'succeeded' });

    expect(changed(subject.build.config, twin.build.config)).toEqual(['RUST_INLINE_HELPERS']);
    expect(twin.build.artifacts.map(({ kind }) => kind)).not.toContain('helper-bitcode');

    expect(again.build.steps.flatMap(({ argv }) => argv).filter((word) => /^(?:-I)?\/src\//.test(word))).toEqual([]);
    expect(again.build.steps.flatMap(({ argv }) => argv)).toContain('/sr2/rust/helpers/helpers.c');

    expect(incremental.build.config).toEqual(subject.build.config);
    expect(incremental.build.artifacts).toEqual(subject.build.artifacts);

    expect(clean.before).toContain('samples/rust/rust_minimal.m.bc');
    expect(clean.after).not.toContain('samples/rust/rust_minimal.m.bc');
    expect(clean.after).toContain('.config');
    expect(clean).toMatchObject({ failure: null, unignored: [] });
    expect(before).not.toBeNull();
  }));

test('what names its source in the code is built again where it was', () =>
  withDirectory(async (directory) => {
    const again = requirePass(await buildWithPasses(directory, await sample('x86_64', 'CONFIG_KASAN=y\n'), ['again']), 'again');
    expect(again.build.config).toMatchObject({ KASAN: 'y' });
    expect(again.build.config['DEBUG_INFO']).not.toBe('y');
    expect(again.isElsewhere).toBe(false);
  }));

test('what cannot be made says why', () =>
  withDirectory(async (directory) => {
    const { passes } = await buildWithPasses(directory, await sample('um'), ['twin', 'incremental']);
    const impossible = 'helpers are not inlined, and cannot be on UML: there is nothing to turn off';
    expect(passes).toEqual({ twin: { impossible }, incremental: { impossible } });
  }));

function changed(left: Record<string, string>, right: Record<string, string>): string[] {
  const symbols = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  return symbols.filter((symbol) => (left[symbol] ?? 'n') !== (right[symbol] ?? 'n'));
}
