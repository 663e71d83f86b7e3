import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Arch } from '../../src/tree/records.ts';
import { signFailure } from '../../src/verdict/decide.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { parseRecords, runKinfuzz } from '../support/command.ts';

/** Of this seed, the first three candidates are x86_64 under ThinLTO, UML, and arm64. */
const seed = '10';
const runs = '3';
const tree = 'debian:linux-source-7.3';
const out = mkdtempSync(join(tmpdir(), 'kinfuzz-smoke-'));

/** What is wrong with Linux 7.3 itself wherever helpers are inlined; each was looked at by hand. */
const known: readonly { property: string; key: string[]; arches: readonly Arch[] }[] = [
  // A header's MODULE_IMPORT_NS becomes every crate's.
  { property: 'no-helper-identity', key: ['modinfo', 'import_ns=PWM'], arches: ['x86_64', 'arm64'] },
  // BUG() of Rust code is told to be in the helper.
  { property: 'no-helper-identity', key: ['file-name', 'rust/helpers/bug.c'], arches: ['x86_64', 'arm64'] },
  // clang returns the structure as i32, rustc expects i64.
  { property: 'helpers-inlined', key: ['called by another type', 'rust_helper_REFCOUNT_INIT'], arches: ['arm64'] },
];

let verdicts: Verdict[] = [];
let code: number | null = null;

describe('Linux 7.3', () => {
  beforeAll(async () => {
    const outcome = await runKinfuzz(['fuzz', '--tree', tree, '--runs', runs, '--seed', seed, '--json', '--out', out]).done;
    process.stderr.write(outcome.stderr);
    ({ verdicts } = parseRecords(outcome.stdout));
    code = outcome.code;
  }, 70 * 60_000);

  test('nothing is found but what is known', () => {
    expect(verdicts.map(({ index, verdict, fault }) => ({ index, verdict, fault }))).toHaveLength(Number(runs));
    for (const { arch, inline, verdict, failures, fault, dropped } of verdicts) {
      expect({ fault, dropped }).toEqual({ fault: null, dropped: [] });
      const expected = known.filter(({ arches }) => inline && arches.includes(arch)).map(({ property, key }) => signFailure(property, key));
      for (const { signature, summary } of failures) expect(expected, summary).toContain(signature);
      // The first of them is there whatever else is set.
      expect(failures.map(({ signature }) => signature).filter((signature) => signature === expected[0])).toHaveLength(inline ? 1 : 0);
      expect(verdict).toBe(inline ? 'failed' : 'passed');
    }
    expect(code).toBe(1);
  });

  test('on several architectures, with inlining on where it can be', () => {
    expect(new Set(verdicts.map(({ arch }) => arch)).size).toBe(3);
    for (const { arch, inline, choices } of verdicts) expect(inline).toBe(arch !== 'um' && choices['inline'] === 'on');
    expect(verdicts.filter(({ inline }) => inline).length).toBeGreaterThanOrEqual(2);
  });

  test('the properties had something to judge', () => {
    const silent = verdicts.filter(({ inline }) => inline).flatMap(({ arch, notApplicable }) => notApplicable.map(({ property }) => `${property} on ${arch}`));
    // objtool is for x86_64 alone, and none of these has BTF.
    expect(silent.sort()).toEqual(['btf-whole on arm64', 'btf-whole on x86_64', 'objtool-clean on arm64']);
  });

  test('a seed gives the same config again, on its own', async () => {
    const [first] = verdicts;
    const { stdout, stderr, code: again } = await runKinfuzz(['repro', first?.seed ?? '', '--print-config', '--out', out]).done;
    expect(stderr).toContain('config: the same');
    expect(stdout).toContain('CONFIG_RUST=y');
    expect(again).toBe(0);
  });
});
