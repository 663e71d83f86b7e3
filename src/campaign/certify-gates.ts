import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, valueOf } from '../kconfig/config.ts';
import { resolveConfig } from '../kconfig/resolve.ts';
import type { Candidate } from '../sampler/records.ts';
import { formatRequests } from '../sampler/requests.ts';
import type { ModelDrawer, Sampler } from '../sampler/sampler.ts';
import { formatSeed } from '../sampler/seed.ts';
import type { LoadedSpace } from '../space/load.ts';
import type { Variant } from '../space/variants.ts';
import { nameTree } from '../tree/open.ts';
import type { Arch, Toolchain, Tree } from '../tree/records.ts';
import { InfraError } from '../util/errors.ts';
import { hashText } from '../util/hash.ts';
import { formatExit, lastLines } from '../util/process.ts';
import type { Judged } from '../verdict/gate.ts';
import type { SignedFailure, Verdict } from '../verdict/records.ts';

/** What judging a space at the level of configurations takes. */
export type GatePlace = { tree: Tree; toolchain: Toolchain; sampler: Sampler; loaded: LoadedSpace; judge: Judge; signal: AbortSignal };

/** What conf makes of a fragment, on an architecture by the name that `make ARCH=` takes. */
export type Judge = (arch: string, fragment: string) => Promise<string>;

/** A configuration with what conf said to it. `fault`: conf could not be asked, or says something else. */
export type Certified = {
  /** What the configuration was made of. */
  fragment: string;
  config: string;
  /** Ours, where conf's is another. */
  ownConfig: string | null;
  failures: SignedFailure[];
  resolution: Verdict['resolution'];
  fault: { code: string; message: string } | null;
};

/** Whether conf would be told what the model was loaded with: not where answers of tools are simulated. */
export function canCertify({ overrides }: Variant): boolean {
  return Object.keys(overrides.probes).length === 0 && Object.keys(overrides.environment).length === 0;
}

/** Has the kernel's conf resolve a configuration that failed; each failure then says what came of that. */
export async function certifyGates(place: GatePlace, judged: Judged, { variant, drawer }: ModelDrawer, failures: readonly SignedFailure[]): Promise<Certified> {
  const fragment = formatRequests(judged);
  const { resolver } = drawer.possibilities;
  const config = Buffer.from(resolver.resolveText(Buffer.from(fragment).toString('latin1')).config, 'latin1').toString();
  const own = { fragment, config, ownConfig: null, fault: null };
  const note = (text: string) => failures.map((failure) => ({ ...failure, evidence: [...failure.evidence, { kind: 'log' as const, where: 'conf', text }] }));
  if (failures.length === 0) return { ...own, failures: [], resolution: 'trusted' };
  if (!canCertify(variant)) {
    const simulated = Object.entries(variant.choices).map((entry) => entry.join('=')).join(' ');
    return { ...own, failures: note(`not certified: conf would ask the tools themselves, and their answers are simulated (${simulated})`), resolution: 'trusted' };
  }
  const certificate = await place.judge(variant.kernel, fragment);
  if (certificate === config) return { ...own, failures: note("certified: the kernel's conf resolves it to the same configuration"), resolution: 'certified' };
  const message = `conf resolves what failed (${failures.map(({ signature }) => signature).join(', ')}) to another configuration than kinfuzz does: nothing is known of it`;
  return { ...own, config: certificate, ownConfig: config, failures: [], resolution: 'front-end-mismatch', fault: { code: 'FRONT_END_MISMATCH', message } };
}

/** The kernel's own conf as judge; it throws InfraError `CONF_FAILED`. */
export function openJudge(place: { tree: Tree; toolchain: Toolchain; timeoutMs: number; signal: AbortSignal }): Judge {
  return async (arch, fragment) => {
    const objtree = await mkdtemp(join(tmpdir(), 'kinfuzz-gate-'));
    try {
      const resolution = await resolveConfig({ ...place, arch: arch as Arch, fragment, objtree });
      if (resolution.kind === 'resolved') return resolution.config;
      throw new InfraError('CONF_FAILED', `conf ${formatExit(resolution.exit)}: ${lastLines(resolution.log, 5)}`);
    } finally {
      await rm(objtree, { recursive: true, force: true });
    }
  };
}

/** The verdict on a candidate. Nothing was built: it costs next to nothing. */
export function writeGateVerdict({ tree, toolchain, loaded: { space } }: GatePlace, candidate: Candidate, { config, failures, resolution, fault }: Certified): Verdict {
  const { index, runSeed, cover, arch, choices } = candidate;
  const hash = hashText(config);
  return {
    kind: 'verdict',
    index,
    seed: formatSeed({
      space: { name: space.space, hash: space.hash },
      tree: { name: nameTree(tree), fingerprint: tree.fingerprint },
      toolchain: { kind: toolchain.kind, fingerprint: toolchain.fingerprint },
      runSeed, cover, index, config: hash,
    }),
    arch,
    config: hash,
    inline: valueOf(parseConfig(config), 'RUST_INLINE_HELPERS') === 'y',
    verdict: fault !== null ? 'infra-error' : failures.length > 0 ? 'failed' : 'passed',
    failures,
    resolution,
    dropped: [],
    fault,
    known: [], notApplicable: [],
    choices,
    passes: [],
    cost: { resolveMs: 0, buildMs: 0, judgeMs: 0, confirmMs: 0, twinMs: 0, againMs: 0, incrementalMs: 0, cleanMs: 0 },
  };
}
