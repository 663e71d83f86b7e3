import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createJournal } from '../engine/journal.ts';
import { loadModel } from '../kconfig/load.ts';
import { openSampler } from '../sampler/sampler.ts';
import type { LoadedSpace } from '../space/load.ts';
import type { Z3 } from '../space/solver.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import type { SignedFailure } from '../verdict/records.ts';
import { openJudge } from './certify-gates.ts';
import { runGates } from './gate.ts';

/** How the gates of a tree are judged. `loaded`: the space that states them. */
export type GatePlan = { z3: Z3; loaded: LoadedSpace; runSeed: number; runs: number };

type Place = { tree: Tree; toolchain: Toolchain; cache: string; work: string; timeoutMs: number; signal: AbortSignal; gates: GatePlan };

/**
 * What the space says of its gates and a tree's Kconfig does not: proven, tried on candidates, and certified by the tree's
 * own conf. `tree` may be the place's with edits in its Kconfig files.
 *
 * @throws InfraError where conf and the front end disagree
 */
export async function judgeGatesOf(place: Place, tree: Tree, arch: Arch): Promise<SignedFailure[]> {
  const { toolchain, cache, signal, timeoutMs, gates: { z3, loaded, runSeed, runs } } = place;
  const directory = join(place.work, `gates-${arch}-${tree.fingerprint.slice(0, 8)}`);
  await mkdir(directory);
  // What an edit of Kconfig can reach is what the tree's sources mention, which it leaves alone.
  const sampler = await openSampler({ tree: place.tree, toolchain, cache, signal }, loaded.space, [arch], (request, overrides) => loadModel({ ...request, tree }, overrides));
  const meta = {
    space: { name: loaded.space.space, hash: loaded.space.hash, source: loaded.space.space },
    tree: { spec: tree.spec, fingerprint: tree.fingerprint }, toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
    runSeed, cover: 0 as const, arches: [arch], runs, passes: [],
  };
  const journal = await createJournal(join(directory, 'run'), meta);
  try {
    const judge = openJudge({ tree, toolchain, timeoutMs, signal });
    const { findings, faults } = await runGates({
      tree, toolchain, sampler, loaded, judge, signal, z3, runSeed, runs, arches: [arch], journal,
      isTimeUp: () => false, onProof: () => {}, onJudged: () => {}, onVerdict: () => {},
    });
    const [fault] = faults;
    if (fault) throw new InfraError(fault.code, fault.message);
    return findings;
  } finally {
    journal.close();
    sampler.close();
    await rm(directory, { recursive: true, force: true });
  }
}
