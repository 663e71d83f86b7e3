import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { openArtifacts } from '../../src/artifact/open.ts';
import { formatFragment, parseConfig } from '../../src/kconfig/config.ts';
import type { Mutant, Property } from '../../src/property/contract.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties, type NamedJudgement } from '../../src/property/runner.ts';
import type { Arch } from '../../src/tree/records.ts';
import { buildOnHost, hostToolchain, resolveEmbedded, withDirectory } from '../support/toolchain.ts';

const directory = fileURLToPath(new URL('../../properties', import.meta.url));
const mutants = await loadMutants(`${directory}/mutants`);
let properties: Property[];
beforeAll(async () => {
  properties = await loadProperties(directory);
});

/** Crates of every shape: alone in a module, one of a module's objects, built in; the option on where it can be. */
const shapes = {
  '64BIT': 'y', EXPERT: 'y', MODULES: 'y', RUST: 'y', RUST_INLINE_HELPERS: 'y', SAMPLES: 'y', SAMPLES_RUST: 'y',
  SAMPLE_RUST_MINIMAL: 'm', SAMPLE_RUST_PRINT: 'y', BLOCK: 'y', BLK_DEV: 'y', CONFIGFS_FS: 'y', BLK_DEV_RUST_NULL: 'm',
};
const lto = { LTO_CLANG_FULL: 'y', DEBUG_INFO_DWARF5: 'y' };

async function judgeConfig(arch: Arch, wanted: Record<string, string>, mutant: Mutant | null): Promise<NamedJudgement[]> {
  const config = await resolveEmbedded(arch, formatFragment(Object.entries({ ...shapes, ...wanted })));
  expect(parseConfig(config)).toMatchObject(mutant?.needs ?? {});
  return withDirectory(async (objtree) => {
    const build = await buildOnHost({ arch, config, objtree, mutant });
    return judgeBuild(properties, { build, artifacts: openArtifacts(build, await hostToolchain(), new AbortController().signal) });
  });
}

describe('a healthy build passes every property', () => {
  test.each<[Arch, Record<string, string>]>([
    ['x86_64', {}],
    ['x86_64', lto],
    ['arm64', {}],
    ['arm64', { LTO_CLANG_THIN: 'y' }],
  ])('%s %j', async (arch, wanted) => {
    const judgements = await judgeConfig(arch, wanted, null);
    // objtool is for x86_64 alone.
    const isApplicable = (name: string) => arch === 'x86_64' || name !== 'objtool-clean';
    expect(judgements.map(({ property, judgement }) => [property, judgement])).toEqual(
      properties.map(({ name }) => [name, isApplicable(name) ? { result: 'passed' } : { result: 'not-applicable', reason: 'objtool is not run' }]),
    );
  });

  test('um, where helpers cannot be inlined', async () => {
    const judgements = await judgeConfig('um', {}, null);
    const results = Object.fromEntries(judgements.map(({ property, judgement }) => [property, judgement.result]));
    expect(results).toEqual({
      'builds': 'passed',
      'elf-for-objtool': 'passed',
      'helpers-inlined': 'not-applicable',
      'helpers-internal': 'not-applicable',
      'module-variant': 'not-applicable',
      'no-helper-debug-info': 'passed',
      'no-helper-identity': 'not-applicable',
      'objtool-clean': 'not-applicable',
      'only-expected-suppressed': 'not-applicable',
    });
  });
});

describe('a mutant is caught by its property and by no other', () => {
  test('every property has one', () => {
    expect([...new Set(mutants.map(({ property }) => property))].sort()).toEqual(properties.map(({ name }) => name));
  });

  test.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s', async (_, mutant) => {
    const judgements = await judgeConfig(mutant.needs['ARM64'] ? 'arm64' : 'x86_64', mutant.needs, mutant);
    const failed = judgements.filter(({ judgement }) => judgement.result === 'failed');
    expect(failed.map(({ property }) => property)).toEqual([mutant.property]);
  });
});
