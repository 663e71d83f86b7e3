import { expect, test } from 'vitest';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { makeVerdict } from '../support/verdict.ts';

const failure = { property: 'builds', signature: 'builds:12345678', summary: 'rust/kernel.o was not built', evidence: [{ kind: 'log' as const, where: 'standard error', text: 'error: a | b' }] };
const meta = {
  space: { name: 'quick', hash: 'abcdef', source: 'quick' }, tree: { spec: 'embedded', fingerprint: '1'.repeat(64) }, toolchain: { kind: 'host', fingerprint: '2'.repeat(64) },
  runSeed: 7, cover: 2 as const, arches: null, runs: 3, passes: ['twin' as const],
};

test('a page tells what failed, what is known, what was not judged and what was covered', () => {
  const verdicts = [
    makeVerdict({ seed: 'kf2_a', passes: ['twin'], known: [{ ...failure, signature: 'tidy:1', issue: 'old' }] }),
    makeVerdict({ index: 1, arch: 'arm64', seed: 'kf2_b', verdict: 'failed', failures: [failure], choices: { lto: 'full' }, notApplicable: [{ property: 'objtool-clean', reason: 'no objtool' }] }),
    makeVerdict({ index: 2, seed: 'kf2_c', verdict: 'infra-error', inline: false, fault: { code: 'DISK_FULL', message: 'no space' } }),
  ];
  expect(formatMarkdown([{ meta, verdicts }], 'kinfuzz')).toMatchInlineSnapshot(`
    "# embedded: quick

    Space \`quick\` (abcdef), tree \`embedded\` (11111111), toolchain \`host\` (22222222). Runs:

    - seed 7, all pairs first, passes: twin

    ## Verdicts

    | architecture | candidates | inlining | passed | failed | dropped | timed-out | infra-error |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | arm64 | 1 | 1 | 0 | 1 | 0 | 0 | 0 |
    | x86_64 | 2 | 1 | 1 | 0 | 0 | 0 | 1 |

    ## Failures

    ### builds:12345678

    rust/kernel.o was not built

    In 1 candidates: 1 of arm64.

    \`\`\`
    log standard error
      error: a | b
    \`\`\`

    \`\`\`
    kinfuzz repro kf2_b
    \`\`\`


    ## Known issues

    ### tidy:1: old

    rust/kernel.o was not built

    In 1 candidates: 1 of x86_64.

    \`\`\`
    log standard error
      error: a | b
    \`\`\`

    \`\`\`
    kinfuzz repro kf2_a --passes twin
    \`\`\`


    ## Not judged

    - all of it: DISK_FULL: no space (1)
    - objtool-clean on arm64: no objtool (1)

    ## Values

    How many judged candidates had each value of each axis; where some failed, how many of them.

    | axis | values |
    | --- | --- |
    | lto | none 1, full 1 (1 failed) |

    ## Candidates

    Each is replayed by \`kinfuzz repro SEED\`.

    |  | architecture | verdict | failures and known issues | values | seed |
    | --- | --- | --- | --- | --- | --- |
    | #0 | x86_64 | passed | old | none | \`kf2_a\` |
    | #1 | arm64 | failed | builds:12345678 | full | \`kf2_b\` |
    | #2 | x86_64 | infra-error |  | none | \`kf2_c\` |
    "
  `);
});
