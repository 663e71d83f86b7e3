import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/verdict/records.ts';
import { parseRecords, runKinfuzz } from '../support/command.ts';

/** Of this seed, the first three candidates are x86_64 under ThinLTO, UML, and arm64. */
const seed = '10';
const runs = '3';
const tree = 'debian:linux-source-7.3';
const out = mkdtempSync(join(tmpdir(), 'kinfuzz-smoke-'));

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
    for (const { inline, verdict, failures, known, fault, dropped } of verdicts) {
      expect({ verdict, fault, dropped, failures: failures.map(({ summary }) => summary) }).toEqual({ verdict: 'passed', fault: null, dropped: [], failures: [] });
      // These are there whatever else is set.
      const seen = known.map(({ issue }) => issue);
      if (inline) expect(seen).toEqual(expect.arrayContaining(['import-ns-of-helpers', 'file-of-helpers']));
      else expect(seen).toEqual([]);
    }
    expect(code).toBe(0);
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
