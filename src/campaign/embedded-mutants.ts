import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSubject } from '../engine/subject.ts';
import { turnOff } from '../engine/passes.ts';
import { formatFragment } from '../kconfig/config.ts';
import { resolveConfig } from '../kconfig/resolve.ts';
import type { Mutant, PassName, Property, Subject } from '../property/contract.ts';
import { judgeBuild } from '../property/runner.ts';
import type { Misfit } from '../tree/edit.ts';
import { type Arch, type Toolchain, type Tree, usualMounts } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { lastLines } from '../util/process.ts';
import { decideJudgements } from '../verdict/decide.ts';
import type { SignedFailure } from '../verdict/records.ts';
import { type Bench, findLost, shapes, withDirectory } from './mutants.ts';

/** Where the miniature tree is built. `work`: an existing host directory. */
export type EmbeddedPlace = { tree: Tree; toolchain: Toolchain; work: string; timeoutMs: number; signal: AbortSignal };

/** A configuration of the miniature tree, and a defect in the pipeline, if any. */
export type Sample = { arch: Arch; config: string; mutant: Mutant | null };

/** The bench of the embedded pipeline: each build is from nothing, with the pass that the mutant's property needs. */
export function openEmbeddedBench(place: EmbeddedPlace, properties: readonly Property[]): Bench<Mutant> {
  const healthy = new Map<string, Promise<SignedFailure[]>>();
  const judge = async (mutant: Mutant, isHealthy: boolean): Promise<SignedFailure[] | Misfit> => {
    const arch = archOf(mutant);
    const config = await resolveEmbedded(place, arch, formatFragment(Object.entries({ ...shapes, ...mutant.needs })));
    const lost = findLost(config, mutant.needs);
    if (lost !== null) return { misfit: lost };
    const names = properties.flatMap(({ name, needs }) => (name === mutant.property && needs !== undefined ? [needs] : []));
    if (!isHealthy) return judgeSample(place, properties, { arch, config, mutant }, names);
    const key = [arch, config, ...names].join('\n');
    const judged = healthy.get(key) ?? judgeSample(place, properties, { arch, config, mutant: null }, names);
    healthy.set(key, judged);
    return judged;
  };
  return { archOf, judgeHealthy: (mutant) => judge(mutant, true), judge: (mutant) => judge(mutant, false) };
}

function archOf({ needs }: Mutant): Arch {
  return needs['ARM64'] ? 'arm64' : 'x86_64';
}

async function judgeSample(place: EmbeddedPlace, properties: readonly Property[], sample: Sample, names: readonly PassName[]): Promise<SignedFailure[]> {
  return withDirectory(place.work, async (directory) => {
    const judgements = await judgeBuild(properties, await buildEmbeddedSubject(place, directory, sample, names));
    return decideJudgements(judgements).failures;
  });
}

/** Builds in `directory/obj`, makes the passes beside it, and gives what properties look at. */
export function buildEmbeddedSubject(place: Omit<EmbeddedPlace, 'work'>, directory: string, { arch, config, mutant }: Sample, names: readonly PassName[]): Promise<Subject> {
  const { tree, toolchain, timeoutMs, signal } = place;
  return makeSubject({
    request: { tree, toolchain, arch, mounts: usualMounts, targets: [], jobserver: null, timeoutMs, signal, mutant },
    on: { config, writeTo: null },
    off: async () => {
      const objtree = join(directory, 'resolve-off');
      await mkdir(objtree, { recursive: true });
      return { config: await resolveIn(place, arch, turnOff(config), objtree), writeTo: null };
    },
    directory, origin: null, names,
  });
}

function resolveEmbedded(place: EmbeddedPlace, arch: Arch, fragment: string): Promise<string> {
  return withDirectory(place.work, (objtree) => resolveIn(place, arch, fragment, objtree));
}

/** @throws InfraError `CONF_FAILED` */
async function resolveIn({ tree, toolchain, timeoutMs, signal }: Omit<EmbeddedPlace, 'work'>, arch: Arch, fragment: string, objtree: string): Promise<string> {
  const resolution = await resolveConfig({ tree, toolchain, arch, fragment, objtree, timeoutMs, signal });
  if (resolution.kind === 'failed') throw new InfraError('CONF_FAILED', `conf: ${lastLines(resolution.log, 5)}`);
  return resolution.config;
}
