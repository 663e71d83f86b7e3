import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Judge } from '../../src/campaign/certify-gates.ts';
import { type GateCampaign, runGates } from '../../src/campaign/gate.ts';
import { createJournal } from '../../src/engine/journal.ts';
import { Resolver } from '../../src/kconfig/resolver.ts';
import type { Sampler } from '../../src/sampler/sampler.ts';
import type { LoadedSpace } from '../../src/space/load.ts';
import type { Proof } from '../../src/space/proofs.ts';
import { loadZ3 } from '../../src/space/solver.ts';
import type { Toolchain, Tree } from '../../src/tree/records.ts';
import type { GateReport, Verdict } from '../../src/verdict/records.ts';
import { tinySampler } from '../sampler/tiny-space.ts';

/** A tree of a page with a gate: behind it an option that takes it away, a version that is asked for, and three architectures. */
export const gateKconfig = `config MODULES
	bool "modules"
	modules
config UML
	def_bool "$(ARCH)" = "um"
config ARM64
	def_bool "$(ARCH)" = "arm64"
config X86_64
	def_bool "$(ARCH)" = "x86_64" || UML
config EXPERT
	bool "expert"
config SHUFFLE
	bool "shuffle"
config BTF
	bool "btf"
config LTO
	bool "lto"
config EXTRA_A
	bool "a"
config EXTRA_B
	tristate "b"
config EXTRA_C
	bool "c"
	default y
config VERSION
	int
	default $(shell,rustc --version)
config COMPATIBLE
	def_bool VERSION = $(shell,clang --version)
menu "rust"
config RUST
	bool "rust"
	depends on !SHUFFLE
	depends on !BTF || !LTO
config HELPERS
	bool "helpers"
	depends on RUST && COMPATIBLE
	depends on EXPERT
	depends on ARM64 || X86_64
	depends on !UML
endmenu
`;

export const gateSpace = `space: tiny-gates
description: a space for tests
depth: config
targets: []
arches:
  x86_64: { weight: 3 }
  arm64: { weight: 2 }
  um: { weight: 1 }
axes:
  expert:
    on: { weight: 3, set: { EXPERT: y } }
    off: { set: { EXPERT: n } }
  rust:
    on: { weight: 3, wish: { RUST: y } }
    off: { set: { RUST: n } }
  tools:
    same: { weight: 3 }
    older: { arches: [x86_64, arm64], probes: { rustc: 21 } }
  machine:
    own: { weight: 9 }
    riscv: { arches: [x86_64], kernel: riscv }
  shuffle:
    off: { weight: 3, set: { SHUFFLE: n } }
    on: { set: { SHUFFLE: y } }
  btf:
    off: { set: { BTF: n } }
    on: { set: { BTF: y } }
  lto:
    off: { set: { LTO: n } }
    on: { set: { LTO: y } }
gates:
  HELPERS:
    - { needs: { arch: [x86_64, arm64] }, reason: not as a program }
    - { needs: { machine: [own] }, reason: not elsewhere }
    - { needs: { expert: [on] }, reason: experimental }
    - { needs: { rust: [on] }, reason: of Rust }
    - { not: { tools: [older] }, reason: versions differ }
    - { needs: { shuffle: [off] }, reason: unknown layouts }
    - { not: { btf: [on], lto: [on] }, reason: mixed languages }
fill: { densities: [0, 0.5] }
`;

export const gateAnswers = { 'rustc --version': '22', 'clang --version': '22' };

export type GateRun = { report: GateReport; proofs: Proof[]; verdicts: Verdict[]; kept: Verdict[]; sampler: Sampler; loaded: LoadedSpace };

/** A run on a tiny tree, with a journal of its own; `judge` stands for conf, and is a fresh evaluator unless given. */
export async function runTiny({ kconfig = gateKconfig, space = gateSpace, runs = 400, judge }: { kconfig?: string; space?: string; runs?: number; judge?: Judge } = {}): Promise<GateRun> {
  const { sampler, loaded } = await tinySampler(space, kconfig, gateAnswers);
  const directory = await mkdtemp(join(tmpdir(), 'kinfuzz-gates-'));
  const journal = await createJournal(join(directory, 'run'), {
    space: { name: 'tiny-gates', hash: loaded.space.hash, source: 'tiny' }, tree: { spec: 'tiny', fingerprint: '' }, toolchain: { kind: 'host', fingerprint: '' },
    runSeed: 1, cover: 0, arches: null, runs, passes: [],
  });
  const [proofs, verdicts]: [Proof[], Verdict[]] = [[], []];
  const campaign: GateCampaign = {
    ...tinyPlace, sampler, loaded, judge: judge ?? freshJudge(sampler), z3: await loadZ3(), runSeed: 1, runs, arches: null, journal, signal: new AbortController().signal,
    isTimeUp: () => false, onProof: (proof) => void proofs.push(proof), onJudged: () => {}, onVerdict: (verdict) => void verdicts.push(verdict),
  };
  try {
    return { report: await runGates(campaign), proofs, verdicts, kept: journal.verdicts(), sampler, loaded };
  } finally {
    journal.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** What seeds name; nothing is built or asked here. */
export const tinyPlace = {
  tree: { kind: 'kernel', spec: '/tiny', directory: '/tiny', version: null, fingerprint: '0'.repeat(64) } satisfies Tree,
  toolchain: { kind: 'host', root: '/', path: [], env: {}, tools: {}, rustLibrary: null, fingerprint: '0'.repeat(64), isSandboxed: true } satisfies Toolchain,
};

/** Resolves by the model without overrides. */
export function freshJudge(sampler: Sampler): Judge {
  return async (kernel, fragment) => {
    const model = [...sampler.models.values()].flat().find(({ variant, overridden }) => variant.kernel === kernel && overridden.size === 0)?.drawer.possibilities.model;
    if (!model) throw new Error(`no model of ${kernel}`);
    return new Resolver(model).resolveText(fragment).config;
  };
}
