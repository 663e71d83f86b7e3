import { appendFileSync, cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { checkCandidate, type CheckTask } from '../../src/engine/check.ts';
import type { Property } from '../../src/property/contract.ts';
import { requirePass } from '../../src/property/subject.ts';
import { loadSpace, parseSpace } from '../../src/space/load.ts';
import type { Space } from '../../src/space/schema.ts';
import { findHostToolchain } from '../../src/tree/host.ts';
import type { Candidate } from '../../src/sampler/records.ts';
import { listRequests } from '../../src/space/requests.ts';
import type { Arch, Toolchain } from '../../src/tree/records.ts';
import { hashText } from '../../src/util/hash.ts';
import { exitCodeOf } from '../../src/cli/exit-codes.ts';

const signal = new AbortController().signal;
const context = { properties: [], signal, onStage: () => {} };
let space: Space;
let toolchain: Toolchain;

beforeAll(async () => {
  ({ space } = await loadSpace('inline-helpers', 'corpus/spaces'));
  toolchain = await findHostToolchain({ isSandboxed: true, signal });
});

/** A candidate with these choices. */
function candidateOf(of: Space, arch: Arch, choices: Record<string, string>): Candidate {
  return { index: 1, runSeed: 1, cover: 0, arch, choices, requested: listRequests(of, arch, choices).requests, wished: [], fill: [] };
}

/** A task on a copy of the embedded tree that the test may spoil. */
function makeTask(certifyEvery: number): CheckTask {
  const candidate = candidateOf(space, 'um', { inline: 'off', lto: 'none' });
  const directory = join(mkdtempSync(join(tmpdir(), 'kinfuzz-check-')), 'tree');
  cpSync('corpus/embedded', directory, { recursive: true });
  const home = mkdtempSync(join(tmpdir(), 'kinfuzz-check-'));
  return {
    tree: { kind: 'embedded', spec: 'embedded', directory, version: null, fingerprint: 'of a test' }, toolchain, space, candidate,
    work: join(home, 'work'), jobserver: null, timeoutMs: 60_000, keep: false, cache: home, certifyEvery, passes: [], known: [], onlyResolve: true,
  };
}

test('a Kconfig file that nobody can read ends the run as the user\'s mistake, with its place', async () => {
  const task = makeTask(1);
  appendFileSync(join(task.tree.directory, 'Kconfig'), 'config BROKEN\n\tboool "x"\n');
  await expect(checkCandidate(task, context)).rejects.toMatchObject({ name: 'UserError', place: { file: expect.stringContaining('Kconfig'), line: expect.any(Number) } });
});

test('conf certifies one candidate in so many, and has the last word', async () => {
  const task = makeTask(1000);
  const trusted = await checkCandidate(task, context);
  expect(trusted).toMatchObject({ ownConfig: null, verdict: { verdict: 'passed', resolution: 'trusted' } });
  const certified = await checkCandidate({ ...task, certifyEvery: 1 }, context);
  expect(certified).toMatchObject({ config: trusted.config, ownConfig: null, verdict: { resolution: 'certified' } });
  // The model that the front end keeps is now not the tree's any more: what it says must not stand.
  appendFileSync(join(task.tree.directory, 'Kconfig'), '\nconfig NEW_TO_CONF\n\tdef_bool y\n');
  const spoilt = await checkCandidate({ ...task, certifyEvery: 1 }, context);
  expect(spoilt).toMatchObject({ ownConfig: trusted.config, config: expect.stringContaining('CONFIG_NEW_TO_CONF=y'), verdict: { resolution: 'front-end-mismatch' } });
  expect(spoilt.verdict.config).toBe(hashText(spoilt.config ?? ''));
  expect(exitCodeOf([spoilt.verdict])).toBe(3);
});

test('a request that is lost is named, and conf has said so', async () => {
  const { space: hopeless } = parseSpace('space: hopeless\ndescription: x\ntargets: []\narches: { um: { weight: 1 } }\naxes:\n  inline:\n    on: { set: { RUST_INLINE_HELPERS: y } }\n', 'hopeless.yaml');
  const { verdict } = await checkCandidate({ ...makeTask(1000), space: hopeless, candidate: candidateOf(hopeless, 'um', { inline: 'on' }) }, context);
  expect(verdict).toMatchObject({ verdict: 'dropped', resolution: 'certified', dropped: [{ symbol: 'RUST_INLINE_HELPERS', value: 'y', effective: 'n', from: 'inline=on' }] });
});

test('where conf does not lose the request that our front end lost, the candidate goes on', async () => {
  const task = makeTask(1000);
  const { space: odd } = parseSpace('space: odd\ndescription: x\ntargets: []\narches: { um: { weight: 1 } }\naxes:\n  a:\n    b: { set: { NEW_TO_CONF: y } }\n', 'odd.yaml');
  const candidate = candidateOf(odd, 'um', { a: 'b' });
  await checkCandidate({ ...task, space: odd, candidate }, context);
  appendFileSync(join(task.tree.directory, 'Kconfig'), '\nconfig NEW_TO_CONF\n\tdef_bool y\n');
  const { verdict } = await checkCandidate({ ...task, space: odd, candidate }, context);
  expect(verdict).toMatchObject({ verdict: 'passed', dropped: [], resolution: 'front-end-mismatch' });
});

test('what a twin showed is confirmed by two clean builds, the other configuration by conf too', async () => {
  const stages: string[] = [];
  const judged: string[] = [];
  const differing: Property = {
    name: 'differing', claim: 'never holds', needs: 'twin',
    judge: (subject) => {
      const { build } = requirePass(subject, 'twin');
      judged.push(build.objtree.split('/').at(-1) ?? '');
      expect(build.config['RUST_INLINE_HELPERS']).toBe('n');
      return Promise.resolve({ result: 'failed', failures: [{ summary: 'differs', key: ['differs'], evidence: [] }] });
    },
  };
  const task: CheckTask = { ...makeTask(1000), onlyResolve: false, passes: ['twin', 'clean'] };
  const candidate = candidateOf(space, 'x86_64', { inline: 'on', lto: 'none', 'sample-minimal': 'm' });
  const { verdict } = await checkCandidate({ ...task, candidate }, { ...context, properties: [differing], onStage: (stage) => stages.push(stage) });
  expect(verdict).toMatchObject({ verdict: 'failed', resolution: 'certified', failures: [{ property: 'differing' }], passes: ['twin', 'clean'] });
  expect(judged).toEqual(['twin', 'confirm-twin']);
  // Of the passes, only that which told the failure is made again.
  expect(stages.filter((stage) => stage === 'clean')).toHaveLength(1);
  expect(verdict.cost.twinMs).toBeGreaterThan(0);
});
