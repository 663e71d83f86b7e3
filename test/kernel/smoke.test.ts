import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Verdict } from '../../src/verdict/records.ts';
import { parseRecords, runKinfuzz } from '../support/command.ts';

/** Of this seed, the first three candidates are arm64 with BTF, UML, and x86_64 under ThinLTO. */
const seed = '572';
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
  }, 40 * 60_000);

  test('healthy configs pass', () => {
    expect(verdicts.map(({ index, verdict, failures, fault }) => ({ index, verdict, failures, fault }))).toHaveLength(Number(runs));
    for (const { verdict, failures, fault, dropped } of verdicts) expect({ verdict, failures, fault, dropped }).toEqual({ verdict: 'passed', failures: [], fault: null, dropped: [] });
    expect(code).toBe(0);
  });

  test('on several architectures, with inlining on where it can be', () => {
    expect(new Set(verdicts.map(({ arch }) => arch)).size).toBe(3);
    for (const { arch, inline, choices } of verdicts) expect(inline).toBe(arch !== 'um' && choices['inline'] === 'on');
    expect(verdicts.filter(({ inline }) => inline).length).toBeGreaterThanOrEqual(2);
  });

  test('the properties had something to judge', () => {
    expect(verdicts.filter(({ inline }) => inline).flatMap(({ notApplicable }) => notApplicable)).toEqual([]);
  });

  test('a seed gives the same config again, on its own', async () => {
    const [first] = verdicts;
    const { stdout, stderr, code: again } = await runKinfuzz(['repro', first?.seed ?? '', '--print-config', '--out', out]).done;
    expect(stderr).toContain('config: the same');
    expect(stdout).toContain('CONFIG_RUST=y');
    expect(again).toBe(0);
  });
});
