import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeFinding } from '../../src/campaign/findings.ts';
import { copyCheckout } from '../support/checkout.ts';
import { parseRecords, runKinfuzz } from '../support/command.ts';

/** What searches say at the end of a run. */
const searched = /^(?:MINIMIZED|not minimized:) no-helper-identity:[0-9a-f]{8}/m;

test('a run looks for the causes of what it has found, and one that goes on does', { timeout: 600_000 }, async () => {
  const { directory: cwd, edit } = copyCheckout();
  edit('corpus/embedded/rust/helpers/bug.c', (text) => `${text}\n#ifdef CONFIG_DEBUG_INFO\nconst char leak[] __attribute__((used, section(".modinfo"))) = KBUILD_MODNAME ".leak=1";\n#endif\n`);
  const place = mkdtempSync(join(tmpdir(), 'kinfuzz-causes-'));
  const space = join(place, 'smallest.yaml');
  const out = join(place, 'runs');
  const fuzz = (...args: string[]) => runKinfuzz(['fuzz', '--json', '--known', 'none', ...args], {}, cwd).done;
  writeFileSync(space, `space: smallest
description: one that fails and one that passes
targets: []
arches: { x86_64: { weight: 1, pins: { 64BIT: y } } }
pins: { EXPERT: y, MODULES: y, RUST: y, RUST_INLINE_HELPERS: y, SAMPLES: y, SAMPLES_RUST: y }
axes:
  debug: { none: { set: { DEBUG_INFO_NONE: y } }, dwarf5: { set: { DEBUG_INFO_DWARF5: y } } }
`);
  const first = await fuzz('--space', space, '--cover', '2', '--out', out);
  expect(first.stderr).toMatch(searched);
  expect(first.code).toBe(1);
  const { verdicts, run } = parseRecords(first.stdout);
  const signature = verdicts.flatMap(({ failures }) => failures)[0]?.signature ?? '';
  const again = await fuzz('--resume', String(run?.['directory']), '--minimize', 'off');
  expect(again.stderr).not.toMatch(searched);
  expect(again.code).toBe(1);

  const last = await fuzz('--resume', String(run?.['directory']), '--minimize', '5m');
  const records = last.stdout.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(records).toMatchObject([{ kind: 'minimized', failure: { signature }, isMinimal: true, isConfirmed: true }, { kind: 'run', exitCode: 1 }]);
  expect(last.code).toBe(1);
  expect(readFileSync(join(placeFinding(String(run?.['directory']), signature), 'minimal.config'), 'utf8')).toContain('CONFIG_DEBUG_INFO_DWARF5=y\n');

  // A case and a finding's folder name a failure as well as the seed does.
  const folder = placeFinding(String(run?.['directory']), signature);
  const small = readFileSync(join(folder, 'minimal.config'), 'utf8');
  rmSync(join(folder, 'minimal.config'));
  const file = join(folder, 'debug-leak.yaml');
  writeFileSync(file, `{ name: debug-leak, state: open, signature: "${signature}", arch: x86_64, space: ${space}, assignments: "CONFIG_DEBUG_INFO_DWARF5=y\\nCONFIG_SAMPLE_RUST_MINIMAL=m\\n" }\n`);
  for (const what of [folder, file]) {
    const { code, stdout } = await runKinfuzz(['minimize', what, '--json', '--out', out], {}, cwd).done;
    expect(JSON.parse(stdout)).toMatchObject({ failure: { signature }, isMinimal: true, isConfirmed: true, causes: [{ symbol: 'DEBUG_INFO_DWARF5', value: 'y' }] });
    expect(code).toBe(1);
    // A case that lies beside a finding is not that finding.
    if (what === file) expect(existsSync(join(folder, 'minimal.config'))).toBe(false);
    else {
      expect(readFileSync(join(folder, 'minimal.config'), 'utf8')).toBe(small);
      rmSync(join(folder, 'minimal.config'));
    }
  }
});

test('what there was no time for goes on by the line that is told, wherever runs and spaces are', { timeout: 600_000 }, async () => {
  const { directory: cwd, edit } = copyCheckout();
  edit('corpus/embedded/rust/helpers/bug.c', (text) => `${text}\nconst char leak[] __attribute__((used, section(".modinfo"))) = KBUILD_MODNAME ".leak=1";\n`);
  const place = mkdtempSync(join(tmpdir(), 'kinfuzz-causes-'));
  const out = join(place, 'runs');
  writeFileSync(join(place, 'one.yaml'), `space: one
description: one that fails
targets: []
arches: { arm64: { weight: 1 } }
pins: { EXPERT: y, MODULES: y, RUST: y, RUST_INLINE_HELPERS: y, SAMPLES: y, SAMPLES_RUST: y }
axes:
  minimal: { y: { set: { SAMPLE_RUST_MINIMAL: y } } }
`);
  const { stdout } = await runKinfuzz(['fuzz', '--known', 'none', '--space', join(place, 'one.yaml'), '--runs', '1', '--minimize', '1s', '--out', out], {}, cwd).done;
  const [, line = ''] = /^not minimized: .*; go on with: npx kinfuzz (.*)$/m.exec(stdout) ?? [];
  const { code, stdout: told } = await runKinfuzz(line.split(' '), {}, cwd).done;
  expect(told).toContain('MINIMIZED no-helper-identity:');
  expect(code).toBe(1);
  expect(readdirSync(out).filter((name) => name.startsWith('minimize-'))).toHaveLength(1);
});

test('a case of the corpus is minimized on the space that it names, whatever space the run is of', { timeout: 600_000 }, async () => {
  const { directory: cwd, edit } = copyCheckout();
  edit('corpus/embedded/rust/helpers/bug.c', (text) => `${text}\n#if defined(CONFIG_SAMPLE_RUST_PRINT) && defined(CONFIG_RUST_DEBUG_ASSERTIONS)\nconst char leak[] __attribute__((used, section(".modinfo"))) = KBUILD_MODNAME ".leak=1";\n#endif\n`);
  const place = mkdtempSync(join(tmpdir(), 'kinfuzz-causes-'));
  const out = join(place, 'runs');
  const space = (name: string, pins: string) => {
    const file = join(place, `${name}.yaml`);
    writeFileSync(file, `{ space: ${name}, description: one, targets: [], arches: { arm64: { weight: 1 } }, pins: { EXPERT: y, MODULES: y, RUST: y, RUST_INLINE_HELPERS: y, SAMPLES: y, SAMPLES_RUST: y${pins} }, axes: { minimal: { y: { set: { SAMPLE_RUST_MINIMAL: y } } } } }\n`);
    return file;
  };
  mkdirSync(join(place, 'corpus/cases'), { recursive: true });
  writeFileSync(join(place, 'corpus/cases/leak.yaml'), `{ name: leak, state: open, signature: "builds:00000000", arch: arm64, space: ${space('debug', ', RUST_DEBUG_ASSERTIONS: y')}, assignments: "CONFIG_SAMPLE_RUST_PRINT=y\n" }\n`);
  const { stdout } = await runKinfuzz(['fuzz', '--known', 'none', '--space', space('plain', ''), '--corpus', join(place, 'corpus'), '--runs', '1', '--minimize', '1s', '--out', out], {}, cwd).done;
  const [, line = ''] = /^not minimized: .*; go on with: npx kinfuzz (.*)$/m.exec(stdout) ?? [];
  expect(line).toMatch(/^minimize \S*leak\.yaml --property no-helper-identity:/);
  const { stdout: told } = await runKinfuzz([...line.split(' '), '--json'], {}, cwd).done;
  expect(JSON.parse(told)).toMatchObject({ isMinimal: true, causes: [{ symbol: 'SAMPLE_RUST_PRINT', value: 'y' }] });
  // The run has looked in the same folder: it asked the same question.
  expect(readdirSync(out).filter((name) => name.startsWith('minimize-'))).toHaveLength(1);
});
