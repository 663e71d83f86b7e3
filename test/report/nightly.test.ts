import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatHistory, formatNight, type NightReport } from '../../src/report/nightly.ts';
import { findingStates, type NightFinding } from '../../src/verdict/night.ts';

const finding = (signature: string, parts: Partial<NightFinding>): NightFinding => ({
  property: 'tidy', signature, summary: 'rust/core.bc is left behind by make clean', state: 'new', before: null, since: '20261120-220000', candidates: 3, shown: [], minimized: [], note: null, ...parts,
});
const report: NightReport = {
  kind: 'night', version: 1, night: '20261122-220000', directory: '/var/lib/kinfuzz/nights/20261122-220000', startedAt: '2026-11-22T22:00:00.000Z',
  tree: { spec: 'debian:linux-source-7.3', version: '7.3.4', fingerprint: 'ee863f33aa' }, space: { name: 'inline-helpers', hash: 'f5960d' }, toolchain: { kind: 'debian', fingerprint: '32d87ff0' },
  isSandboxed: true, budget: { ms: 28_800_000, bytes: null, mostOfAKind: 1 }, spentMs: { corpus: 720_000, cover: 10_800_000, random: 16_560_000, minimize: 360_000 },
  candidates: { corpus: 6, cover: 90, random: 138 }, counts: { passed: 229, failed: 2, dropped: 0, 'timed-out': 3, 'infra-error': 0 }, faults: { TIME_LIMIT: 3 }, ended: null,
  baseline: { night: '20261121-220000', tree: 'debian:linux-source-7.3 (7.3.3) 0a1b2c3d' },
  findings: [
    finding('module-variant:ca7d638b', { summary: 'samples/rust/rust_driver_platform.o is of a module but linked with rust/helpers/helpers.bc (and 1 more like it)' }),
    finding('tidy:11111111', { state: 'still' }),
    finding('tidy:22222222', { state: 'gone' }),
    finding('tidy:33333333', { state: 'impossible', before: 'still', note: 'arm64: KASAN=y became n (sanitizer=kasan)' }),
    finding('tidy:44444444', { state: 'open', note: 'arm64: there was no time for its configuration' }),
  ],
  minimized: [{ signature: 'module-variant:ca7d638b', causes: ['SAMPLE_RUST_DRIVER_PLATFORM=m', 'RUST_INLINE_HELPERS=y'], directory: '/var/lib/kinfuzz/nights/20261122-220000/minimize-1a2b3c4d' }],
  notMinimized: [
    { signature: 'tidy:11111111', command: 'npx kinfuzz minimize kf2_inline-helpers.d8c4c7_linux-source-7.3.b2dbf47c_debian_5_12_2 --property tidy:11111111 --out /var/lib/kinfuzz/nights/20261122-220000' },
    { signature: 'tidy:22222222', command: 'npx kinfuzz minimize other' },
  ],
  notSeen: [{ name: 'ld-loses-relocations', candidates: 34 }, { name: 'old', candidates: 2 }],
  shifts: [{ arch: 'x86_64', impossible: [{ choices: { lto: 'full', btf: 'on' }, why: 'LTO_CLANG_FULL=y with DEBUG_INFO_BTF=y: init/Kconfig:2265: RUST depends on !DEBUG_INFO_BTF' }], reachable: [{ choices: { sanitizer: 'kmsan' }, why: '' }] }],
  coverage: [{ arch: 'x86_64', strength: 2, covered: 512, impossible: 30, left: 18 }, { arch: 'arm64', strength: 2, covered: 440, impossible: 60, left: 0 }], reach: [],
  outcome: 'new', exitCode: 1,
};

test('a night on one screen', () => {
  expect(`\n${formatNight(report)}\n`).toMatchInlineSnapshot(`
    "
    night 20261122-220000: 1 NEW finding
    tree     debian:linux-source-7.3 (7.3.4) ee863f33, toolchain debian, space inline-helpers
    time     7 h 54 min of 8 h: cases 12 min, coverage 3 h, random 4 h 36 min, minimizing 6 min
    judged   231 of 234 candidates, 30 an hour: 229 passed, 2 failed; not judged: 3 TIME_LIMIT
    pairs    x86_64 512 of 530, arm64 440 of 440
    against  20261121-220000 of debian:linux-source-7.3 (7.3.3) 0a1b2c3d
    NEW      module-variant:ca7d638b (3) SAMPLE_RUST_DRIVER_PLATFORM=m RUST_INLINE_HELPERS=y: samples/ …
    still    tidy:11111111 (since 20261120-220000) rust/core.bc is left behind by make clean
    gone     tidy:22222222 rust/core.bc is left behind by make clean
    open     tidy:44444444 arm64: there was no time for its configuration
    unseen   2: ld-loses-relocations (0 of 34), old (0 of 2)
    no more  x86_64 lto=full with btf=on: LTO_CLANG_FULL=y with DEBUG_INFO_BTF=y: init/Kconfig:2265: R …
             tidy:33333333: arm64: KASAN=y became n (sanitizer=kasan)
    now too  x86_64 sanitizer=kmsan
    not minimized: 2, go on with: npx kinfuzz minimize kf2_inline-helpers.d8c4c7_linux-source-7.3.b2dbf47c_debian_5_12_2 --property tidy:11111111 --out /var/lib/kinfuzz/nights/20261122-220000
    all of it: /var/lib/kinfuzz/nights/20261122-220000/nightly.json
    "
  `);
});

test('a night in which nothing was judged, on the first day', () => {
  expect(`\n${formatNight({ ...report, findings: [], minimized: [], notMinimized: [], notSeen: [], shifts: [], baseline: null, counts: { passed: 0, failed: 0, dropped: 0, 'timed-out': 0, 'infra-error': 3 }, candidates: { corpus: 0, cover: 3, random: 0 }, faults: { DISK_FULL: 3 }, ended: { code: 'DISK_FULL', message: 'the run ends early:\nno space left' }, outcome: 'faulty', exitCode: 3 })}\n`).toMatchInlineSnapshot(`
    "
    night 20261122-220000: nothing was judged
    tree     debian:linux-source-7.3 (7.3.4) ee863f33, toolchain debian, space inline-helpers
    time     7 h 54 min of 8 h: cases 12 min, coverage 3 h, random 4 h 36 min, minimizing 6 min
    judged   0 of 3 candidates, 0 an hour: 0 passed, 0 failed; not judged: 3 DISK_FULL
    ended    DISK_FULL: the run ends early: no space left
    pairs    x86_64 512 of 530, arm64 440 of 440
    against  nothing: this is the first night
    all of it: /var/lib/kinfuzz/nights/20261122-220000/nightly.json
    "
  `);
});

test('it stays one screen, whatever was found', () => {
  const many = fc.array(fc.record({ signature: fc.string(), summary: fc.string({ maxLength: 300 }), state: fc.constantFrom(...findingStates), note: fc.string({ maxLength: 300 }) }), { maxLength: 60 });
  fc.assert(fc.property(many, fc.nat(9), fc.nat(9), (findings, lost, won) => {
    const text = formatNight({
      ...report, ended: { code: 'X', message: 'y\nz' }, findings: findings.map(({ signature, ...parts }) => finding(signature, parts)),
      shifts: [{ arch: 'um', impossible: Array.from({ length: lost }, () => ({ choices: { lto: 'full' }, why: 'w' })), reachable: Array.from({ length: won }, () => ({ choices: { lto: 'thin' }, why: '' })) }],
    });
    const lines = text.split('\n');
    expect(lines.length).toBeLessThanOrEqual(24);
    for (const line of lines.slice(0, -2)) expect(line.length).toBeLessThanOrEqual(100);
    const count = findings.filter(({ state }) => state === 'new').length;
    expect(lines.filter((line) => line.startsWith('NEW ')).length).toBe(Math.min(count, 1));
  }));
});

test('the trend, a night a line', () => {
  const row = { tree: 'debian:linux-source-7.3', space: 'inline-helpers', ms: 28_000_000, candidates: 234, passed: 229, failed: 2, unjudged: 3, covered: 952, possible: 970, exitCode: 1 };
  expect(`\n${formatHistory([{ ...row, night: '20261121-220000', exitCode: 0, failed: 0, findings: {} }, { ...row, night: '20261122-220000', findings: { new: 1, still: 1, gone: 1, open: 1, impossible: 1 } }])}\n`).toMatchInlineSnapshot(`
    "
    night            exit  new  still  gone  open  judged  an hour  covered  tree
    20261121-220000     0    0      0     0     0     229       30  952/970  debian:linux-source-7.3
    20261122-220000     1    1      1     1     2     231       30  952/970  debian:linux-source-7.3
    "
  `);
});
