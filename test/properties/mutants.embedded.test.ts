import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { formatFragment } from '../../src/kconfig/config.ts';
import { openEmbeddedBench } from '../../src/campaign/embedded-mutants.ts';
import { shapes, tryMutants } from '../../src/campaign/mutants.ts';
import { type Mutant, passNames, type PassName, type Property } from '../../src/property/contract.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { judgeBuild, loadProperties, type NamedJudgement } from '../../src/property/runner.ts';
import { canBeTried } from '../../src/report/looks.ts';
import type { Arch } from '../../src/tree/records.ts';
import { buildWithPasses, embeddedPlace } from '../support/passes.ts';
import { resolveEmbedded, withDirectory } from '../support/toolchain.ts';

const directory = fileURLToPath(new URL('../../properties', import.meta.url));
const mutants = await loadMutants(`${directory}/mutants`);
let properties: Property[];
beforeAll(async () => {
  properties = await loadProperties(directory);
});

const lto = { LTO_CLANG_FULL: 'y', DEBUG_INFO_DWARF5: 'y' };

async function judgeConfig(arch: Arch, wanted: Record<string, string>, names: readonly PassName[]): Promise<NamedJudgement[]> {
  const config = await resolveEmbedded(arch, formatFragment(Object.entries({ ...shapes, ...wanted })));
  return withDirectory(async (place) => judgeBuild(properties, await buildWithPasses(place, { arch, config, mutant: null }, names)));
}

const btf = { BPF_SYSCALL: 'y', DEBUG_INFO_DWARF5: 'y', DEBUG_INFO_BTF: 'y', DEBUG_INFO_BTF_MODULES: 'y' };
const kasan = { CFI: 'y', KASAN: 'y', KASAN_GENERIC: 'y' };

describe('a healthy build passes every property', () => {
  const twinOnly: PassName[] = ['twin'];
  test.each<[Arch, Record<string, string>, readonly PassName[]]>([
    ['x86_64', {}, twinOnly],
    ['x86_64', lto, passNames],
    ['x86_64', { ...btf, ...kasan, X86_KERNEL_IBT: 'y' }, twinOnly],
    ['arm64', {}, passNames],
    ['arm64', { LTO_CLANG_THIN: 'y', CFI: 'y' }, twinOnly],
    ['arm64', { LTO_CLANG_THIN: 'y', KCSAN: 'y' }, []],
    ['arm64', { KCSAN: 'y', PROVE_LOCKING: 'y' }, twinOnly],
    ['arm64', { ...kasan, SHADOW_CALL_STACK: 'y', ARM64_PTR_AUTH: 'y', ARM64_PTR_AUTH_KERNEL: 'y' }, twinOnly],
  ])('%s %j, passes %j', async (arch, wanted, names) => {
    const judgements = await judgeConfig(arch, wanted, names);
    const judged = properties.filter(({ needs }) => needs === undefined || names.includes(needs));
    // objtool is for x86_64 alone.
    const silent = new Set([...('DEBUG_INFO_BTF' in wanted ? [] : ['btf-unchanged', 'btf-whole']), ...(arch === 'x86_64' ? [] : ['objtool-clean'])]);
    const results = judgements.map(({ property, judgement }) => ({ property, result: judgement.result, judgement }));
    expect(results).toMatchObject(judged.map(({ name }) => ({ property: name, result: silent.has(name) ? 'not-applicable' : 'passed' })));
  });

  test('um, where helpers cannot be inlined', async () => {
    const judgements = await judgeConfig('um', {}, passNames);
    const results = Object.fromEntries(judgements.map(({ property, judgement }) => [property, judgement.result]));
    expect(results).toEqual({
      'btf-unchanged': 'not-applicable',
      'btf-whole': 'not-applicable',
      'builds': 'passed',
      'elf-for-objtool': 'passed',
      'exports-right': 'not-applicable',
      'files-unshared': 'not-applicable',
      'flags-agree': 'not-applicable',
      'hardening-survives': 'not-applicable',
      'helpers-inlined': 'not-applicable',
      'helpers-internal': 'not-applicable',
      'incremental-equals-clean': 'not-applicable',
      'lto-stays-out': 'passed',
      'module-variant': 'not-applicable',
      'no-helper-debug-info': 'passed',
      'no-helper-identity': 'not-applicable',
      'objtool-clean': 'not-applicable',
      'only-expected-suppressed': 'not-applicable',
      'reproducible': 'passed',
      'same-as-without': 'not-applicable',
      'tidy': 'passed',
      'writes-inside': 'passed',
    });
  });
});

/** Mutants whose failure no simple look of `reproduce.sh` tells, and why. */
const silent: Record<string, string> = {
  'core-not-exported': "names of Rust's own crates have the compiler's hashes in the table",
  'crate-without-padding': 'instructions before each function are counted',
  'crate-without-path-mapping': 'it takes the same sources at another place',
  'helper-by-another-convention': 'conventions of calls are words of bitcode that no look reads',
  'helpers-with-assembly': 'of what assembly leaves in an object nothing says whence it came',
  'kernel-with-another-type': 'types of BTF are counted by their names, which members have too',
  'object-after-objtool': 'the order of commands is not in what they have made',
  'split-debug-units': 'a unit is missing its language, among others that have theirs',
  'writes-into-source': 'it takes sources that cannot be written to',
};

describe('a mutant is caught by its property and by no other', () => {
  test('every property has one', () => {
    expect([...new Set(mutants.map(({ property }) => property))].sort()).toEqual(properties.map(({ name }) => name));
  });

  // What `kinfuzz mutants` does, two at a time.
  test('the matrix, and a script can look for each', () =>
    withDirectory(async (work) => {
      const bench = openEmbeddedBench(await embeddedPlace(work), properties);
      const untold: string[] = [];
      const judge = async (mutant: Mutant) => {
        const failures = await bench.judge(mutant);
        if (!('misfit' in failures) && !failures.some(({ symptoms = [] }) => symptoms.some((signs) => signs.every(canBeTried)))) untold.push(mutant.name);
        return failures;
      };
      const records = await tryMutants(mutants, { ...bench, judge }, { jobs: 2, signal: new AbortController().signal, onBegin: () => {}, onRecord: () => {} });
      const told = records.map(({ name, state, hits, healthy, reason }) => ({ name, state, by: [...new Set(hits.map(({ property }) => property))], healthy, reason }));
      expect(told).toEqual(mutants.map(({ name, property }) => ({ name, state: 'killed', by: [property], healthy: [], reason: null })));
      expect(untold.sort()).toEqual(Object.keys(silent).sort());
    }), 1_200_000);
});
