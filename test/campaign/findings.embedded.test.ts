import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { completeFinding, findKept, openFindings, placeFinding } from '../../src/campaign/findings.ts';
import { minimizeFinding } from '../../src/campaign/minimize.ts';
import { openTrials } from '../../src/campaign/trials.ts';
import { checkCandidate } from '../../src/engine/check.ts';
import { openJournal } from '../../src/engine/journal.ts';
import type { Mutant } from '../../src/pipeline/records.ts';
import { loadMutants } from '../../src/property/mutants.ts';
import { loadProperties } from '../../src/property/runner.ts';
import { loadSpace } from '../../src/space/load.ts';
import { listRequests } from '../../src/space/requests.ts';
import { hashText } from '../../src/util/hash.ts';
import { findingFiles, parseFinding } from '../../src/verdict/finding.ts';
import type { Verdict } from '../../src/verdict/records.ts';
import { runKinfuzz } from '../support/command.ts';
import { embeddedTree, hostToolchain } from '../support/toolchain.ts';

const properties = await loadProperties(fileURLToPath(new URL('../../properties', import.meta.url)));
const mutants = await loadMutants(fileURLToPath(new URL('../../properties/mutants', import.meta.url)));
const mutant = mutants.find(({ name }) => name === 'module-with-builtin-helpers') as Mutant;
const { space } = await loadSpace('inline-helpers', 'corpus/spaces');
const toolchain = await hostToolchain();
const signal = new AbortController().signal;

const place = mkdtempSync(join(tmpdir(), 'kinfuzz-findings-'));
let run: string;
let verdict: Verdict;
let config: string;

/** A run of one candidate, in whose journal a mutant's verdict then stands: as if kinfuzz had been killed right after it was durable. */
beforeAll(async () => {
  const out = join(place, 'runs');
  await runKinfuzz(['fuzz', '--runs', '1', '--seed', '5', '--json', '--out', out]).done;
  run = join(out, readdirSync(out)[0] ?? '');
  const choices = { inline: 'on', lto: 'none', 'sample-minimal': 'm' };
  const candidate = { index: 0, runSeed: 5, cover: 0 as const, arch: 'x86_64' as const, choices, requested: listRequests(space, 'x86_64', choices).requests, wished: [], fill: [] };
  const task = { tree: embeddedTree, toolchain, space, candidate, work: join(place, 'work'), jobserver: null, timeoutMs: 120_000, keep: false, cache: place, certifyEvery: 1, passes: [], known: [] };
  const checked = await checkCandidate(task, { properties, signal, onStage: () => {}, mutant });
  ({ verdict } = checked);
  config = checked.config ?? '';
  const journal = openJournal(run);
  journal.record(verdict, [config]);
  journal.close();
});

const folder = () => placeFinding(run, verdict.failures[0]?.signature ?? '');
const read = (name: string) => readFileSync(join(folder(), name), 'utf8');

/** What a shell says to the finding's script. */
function reproduce(): number {
  try {
    execFileSync('sh', [join(folder(), findingFiles.script), '/nowhere'], { stdio: 'pipe' });
    return 0;
  } catch (error) {
    return (error as { status: number }).status;
  }
}

describe('a finding of a killed run', () => {
  test('has its folder when the run is resumed, and is told with it', async () => {
    expect(verdict).toMatchObject({ verdict: 'failed', failures: [{ property: 'module-variant' }] });
    const { code, stderr } = await runKinfuzz(['fuzz', '--resume', run, '--minimize', 'off', '--json']).done;
    expect(code).toBe(1);
    expect(stderr).toContain(`folder: ${folder()}`);
    expect(readdirSync(folder()).sort()).toEqual([findingFiles.config, findingFiles.commands, findingFiles.log, findingFiles.record, findingFiles.report, findingFiles.script].sort());
    expect(hashText(read(findingFiles.config))).toBe(verdict.config);
  });

  test('is a whole record', () => {
    const { failures: [failure] } = verdict;
    expect(parseFinding(read(findingFiles.record))).toMatchObject({
      signature: failure?.signature, property: 'module-variant', claim: expect.stringContaining('crate of a module') as string, summary: failure?.summary, evidence: failure?.evidence,
      arch: 'x86_64', seed: verdict.seed, index: 0, config: verdict.config, tree: { kind: 'embedded', spec: 'embedded' }, minimized: null,
      required: expect.arrayContaining([{ symbol: 'RUST_INLINE_HELPERS', value: 'y' }]) as unknown[],
    });
  });

  test('shows the command that was run, whole', () => {
    expect(read(findingFiles.commands)).toMatch(/^llvm-link .*rust_minimal\.bc rust\/helpers\/helpers\.bc/m);
    expect(read(findingFiles.report)).toContain('module-variant');
  });

  test('says by its script that no make builds the embedded tree', () => {
    expect(reproduce()).toBe(125);
  });

  test('is left as it is where it is whole, and written anew where the record was cut short', async () => {
    const before = statSync(join(folder(), findingFiles.record)).mtimeMs;
    await keep([verdict]);
    expect(statSync(join(folder(), findingFiles.record)).mtimeMs).toBe(before);
    writeFileSync(join(folder(), findingFiles.record), read(findingFiles.record).slice(0, 100));
    rmSync(join(folder(), findingFiles.report));
    await keep([verdict]);
    expect(parseFinding(read(findingFiles.record)).seed).toBe(verdict.seed);
    expect(read(findingFiles.report)).toContain('Draft');
  });
});

/** As a run does when it goes on with verdicts. */
async function keep(...calls: Verdict[][]): Promise<void> {
  const journal = openJournal(run);
  const keepFindings = openFindings({ journal, tree: embeddedTree, toolchain, space, properties, command: 'npx kinfuzz' });
  await Promise.all(calls.map(keepFindings));
  journal.close();
}

test('of several candidates the first by number counts, whichever comes first', async () => {
  const [failure] = verdict.failures;
  const later = (index: number) => ({ ...verdict, index, seed: `kf2_${index}`, failures: [{ ...failure, signature: 'module-variant:00000001', property: 'module-variant', summary: '', evidence: [] }] });
  await keep([later(7)], [later(3)], [later(9)]);
  expect(parseFinding(readFileSync(join(placeFinding(run, 'module-variant:00000001'), findingFiles.record), 'utf8'))).toMatchObject({ index: 3, seed: 'kf2_3' });
});

test('what minimizing finds is added', async () => {
  const [failure] = verdict.failures;
  const { signature } = failure ?? { signature: '' };
  const result = await minimizeFinding({
    tree: embeddedTree, toolchain, space, arch: 'x86_64', failing: config, property: signature, properties: properties.filter(({ name }) => name === 'module-variant'), passes: [], passing: [],
    store: await openTrials(join(place, 'search')), work: join(place, 'minimize'), jobserver: null, cache: place, timeoutMs: 120_000, width: 1, signal, mutant, say: () => {}, onProgress: () => {},
  });
  if (result.kind !== 'minimized') throw new Error('it passes');
  expect(await findKept(join(place, 'runs'), { signature, seed: 'kf2_another' })).toEqual([]);
  const kept = await findKept(join(place, 'runs'), { signature, seed: verdict.seed });
  expect(kept).toEqual([folder()]);
  // What is not about this finding is not written to it.
  const { sighting } = result.about;
  for (const other of [{ ...result, arch: 'arm64' as const }, { ...result, failure: { ...result.failure, signature: 'builds:00000000' } }, { ...result, about: { ...result.about, sighting: { ...sighting, fingerprint: 'ffffffff' } } }]) {
    await completeFinding(folder(), other, 'npx kinfuzz');
    expect(existsSync(join(folder(), findingFiles.minimal))).toBe(false);
  }
  await completeFinding(folder(), result, 'npx kinfuzz');
  expect(read(findingFiles.minimal)).toContain('CONFIG_SAMPLE_RUST_MINIMAL=m\n');
  expect(parseFinding(read(findingFiles.record)).minimized).toMatchObject({ isConfirmed: true, isMinimal: true, symptoms: [[{ kind: 'words', tool: 'llvm-link', words: 'rust/helpers/helpers.bc' }]] });
  expect(read(findingFiles.report)).toContain('Without any one of these it is gone.');
});
