import fc from 'fast-check';
import { type Case, caseStates, parseCase, type Sighting } from '../../src/corpus/cases.ts';
import { passNames } from '../../src/property/contract.ts';
import { formatSeed } from '../../src/sampler/seed.ts';
import { arches } from '../../src/tree/records.ts';

const seed = (index: number) => formatSeed({ space: { name: 's', hash: 'abcdef' }, tree: { name: 't', fingerprint: '01234567' }, toolchain: { kind: 'host', fingerprint: '01234567' }, runSeed: 1, cover: 0, index, config: '01234567' });

/** Few values each, so that cases meet. */
const sighting: fc.Arbitrary<Sighting> = fc.record({
  tree: fc.constantFrom('linux-7.3', 'my-tree'), version: fc.option(fc.constantFrom('7.3.4', '7.4'), { nil: undefined }), fingerprint: fc.constantFrom('00000000', '1234abcd'),
  toolchain: fc.constantFrom('host', 'debian'), clang: fc.option(fc.constantFrom('22.1.8', '23'), { nil: undefined }), rustc: fc.constant('1.96.1'), seed: fc.option(fc.nat(2).map(seed), { nil: undefined }),
}, { requiredKeys: ['tree', 'fingerprint', 'toolchain'] }).map(withoutUndefined);

const line = fc.tuple(fc.constantFrom('A', 'B', '64BIT', 'C_D'), fc.constantFrom('=y', '=m', '=0x10', '="a #\\" b"', ' off')).map(([name, value]) => [name, value === ' off' ? `# CONFIG_${name} is not set\n` : `CONFIG_${name}${value}\n`] as const);
const assignments = fc.uniqueArray(line, { selector: ([name]) => name, maxLength: 3 }).map((lines) => lines.map(([, text]) => text).join(''));

export const anyCase: fc.Arbitrary<Case> = fc.record({
  name: fc.constantFrom('one', 'two', 'x86_64-3'), state: fc.constantFrom(...caseStates), signature: fc.constantFrom('builds:00000000', 'same-as-without:1a2b3c4d'), arch: fc.constantFrom(...arches),
  space: fc.constantFrom('inline-helpers', 'a/b.yaml'), passes: fc.subarray([...passNames]), assignments, seen: fc.array(sighting, { maxLength: 3 }), gone: fc.array(sighting, { maxLength: 2 }),
  note: fc.option(fc.constantFrom('a note', 'another: "one" # really\n\nof two paragraphs\n', '  what YAML minds, - [x'), { nil: undefined }), links: fc.uniqueArray(fc.constantFrom('reports/a.md', 'https://b'), { maxLength: 2 }),
}, { requiredKeys: ['name', 'state', 'signature', 'arch', 'space', 'passes', 'assignments', 'seen', 'gone', 'links'] }).map(withoutUndefined);

/** As it is on disk: each name once. */
export const anyCorpus: fc.Arbitrary<Case[]> = fc.uniqueArray(anyCase, { selector: ({ name }) => name, maxLength: 3 });

function withoutUndefined<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as T;
}

export const goodCase = `name: one
state: known
signature: same-as-without:1a2b3c4d
arch: arm64
space: inline-helpers
passes:
  - twin
assignments: |
  CONFIG_RUST_INLINE_HELPERS=y
  CONFIG_LOCALVERSION="-#1"
  # CONFIG_DEBUG is not set
seen:
  - tree: linux-source-7.3
    version: 7.3.4
    fingerprint: "01234567"
    toolchain: debian
    clang: 22.1.8
    rustc: 1.96.1
    seed: ${seed(3)}
gone:
  - tree: my-tree
    fingerprint: 1234abcd
    toolchain: host
note: It is so.
links:
  - reports/page.md
`;

export const parsedCase = () => parseCase(goodCase, 'one.yaml');
