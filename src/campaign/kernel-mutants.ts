import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { turnOff } from '../engine/passes.ts';
import { makeSubject } from '../engine/subject.ts';
import { formatFragment } from '../kconfig/config.ts';
import { type OwnResolution, resolveOurselves } from '../kconfig/front-end.ts';
import { type KernelMutant, passNames, type PassName, type Property } from '../property/contract.ts';
import { judgeBuild } from '../property/runner.ts';
import { editTree } from '../tree/edit.ts';
import { type Arch, type Toolchain, type Tree, usualMounts } from '../tree/records.ts';
import { hashText } from '../util/hash.ts';
import { holdToken, type Jobserver } from '../util/jobserver.ts';
import { decideJudgements } from '../verdict/decide.ts';
import { gateProperty } from '../verdict/gate.ts';
import type { SignedFailure } from '../verdict/records.ts';
import { type GatePlan, judgeGatesOf } from './gate-mutants.ts';
import { type Bench, findLost, shapes, withDirectory } from './mutants.ts';

/** Where a kernel's mutants are built. `work`: an existing host directory. */
export type KernelPlace = {
  tree: Tree;
  toolchain: Toolchain;
  /** kinfuzz's cache folder. */
  cache: string;
  work: string;
  targets: readonly string[];
  jobserver: Jobserver | null;
  timeoutMs: number;
  signal: AbortSignal;
  gates: GatePlan;
};

/** With debug information and BTF, which helpers can spoil; without IBT, for which objtool waits until objects are linked. */
const kernelShapes = { ...shapes, X86_KERNEL_IBT: 'n', DEBUG_KERNEL: 'y', DEBUG_INFO_DWARF5: 'y', BPF_SYSCALL: 'y', DEBUG_INFO_BTF: 'y' };

/** A configuration without any mutant: its objtree, and what fails there. */
type Healthy = { objtree: string; failures: SignedFailure[] };

/**
 * The bench of a kernel. One healthy objtree is made for each configuration, with all the passes that any of the mutants
 * needs; a mutant is built in a copy of it, where make does again what the mutant changes.
 */
export function openKernelBench(place: KernelPlace, properties: readonly Property[], mutants: readonly KernelMutant[]): Bench<KernelMutant> {
  const healthy = new Map<string, Promise<Healthy>>();
  const gates = new Map<Arch, Promise<SignedFailure[]>>();
  const passesOf = (mutant: KernelMutant) => properties.find(({ name }) => name === mutant.property)?.needs;

  const resolve = (mutant: KernelMutant) => resolveOurselves(place, mutant.arch, fragmentOf(mutant), place.signal);
  const buildHealthy = (mutant: KernelMutant, on: OwnResolution): Promise<Healthy> => {
    const same = mutants.filter((other) => other.arch === mutant.arch && fragmentOf(other) === fragmentOf(mutant));
    const wanted = new Set(same.map(passesOf));
    return makeHealthy(place, properties, { arch: mutant.arch, on, names: passNames.filter((name) => wanted.has(name)) }, fragmentOf(mutant));
  };
  const findHealthy = (mutant: KernelMutant, on: OwnResolution): Promise<Healthy> => {
    const key = `${mutant.arch}\n${fragmentOf(mutant)}`;
    const made = healthy.get(key) ?? buildHealthy(mutant, on);
    healthy.set(key, made);
    return made;
  };
  const findGates = (arch: Arch): Promise<SignedFailure[]> => {
    const judged = gates.get(arch) ?? judgeGatesOf(place, place.tree, arch);
    gates.set(arch, judged);
    return judged;
  };

  return {
    archOf: ({ arch }) => arch,
    judgeHealthy: async (mutant) => {
      if (mutant.property === gateProperty) return findGates(mutant.arch);
      const on = await resolve(mutant);
      const lost = findLost(on.config, mutant.needs);
      return lost === null ? (await findHealthy(mutant, on)).failures : { misfit: lost };
    },
    judge: (mutant) =>
      withDirectory(place.work, async (directory) => {
        const tree = await editTree(place.tree, mutant.edits, join(directory, 'edited'));
        if ('misfit' in tree) return tree;
        if (mutant.property === gateProperty) return judgeGatesOf(place, tree, mutant.arch);
        const on = await resolve(mutant);
        const { objtree } = await findHealthy(mutant, on);
        const needed = passesOf(mutant);
        const names = needed === undefined ? [] : [needed];
        return judgeTree(place, properties, { tree, arch: mutant.arch, on, directory, origin: mutant.isFromNothing ? null : objtree, names });
      }),
  };
}

function fragmentOf({ needs }: KernelMutant): string {
  return formatFragment(Object.entries({ ...kernelShapes, ...needs }));
}

type Task = { tree: Tree; arch: Arch; on: OwnResolution; directory: string; origin: string | null; names: readonly PassName[] };

/** Its directory is named after what was asked for: two fragments can come to one configuration, and each has passes of its own. */
async function makeHealthy(place: KernelPlace, properties: readonly Property[], { arch, on, names }: Pick<Task, 'arch' | 'on' | 'names'>, fragment: string): Promise<Healthy> {
  const directory = join(place.work, `healthy-${arch}-${hashText(fragment).slice(0, 8)}`);
  await mkdir(directory);
  const failures = await judgeTree(place, properties, { tree: place.tree, arch, on, directory, origin: null, names });
  await Promise.all(names.map((name) => rm(join(directory, name), { recursive: true, force: true })));
  return { objtree: join(directory, 'obj'), failures };
}

async function judgeTree(place: KernelPlace, properties: readonly Property[], { tree, arch, on, directory, origin, names }: Task): Promise<SignedFailure[]> {
  const { toolchain, targets, jobserver, timeoutMs, signal } = place;
  const make = () =>
    makeSubject({
      request: { tree, toolchain, arch, mounts: usualMounts, targets, jobserver, timeoutMs, signal, mutant: null },
      on,
      off: () => resolveOurselves(place, arch, turnOff(on.config), signal),
      directory, origin, names,
    });
  const subject = await (jobserver === null ? make() : holdToken(jobserver, signal, make));
  return decideJudgements(await judgeBuild(properties, subject)).failures;
}

