import type { Journal } from '../engine/journal.ts';
import type { Candidate } from '../sampler/records.ts';
import type { ModelDrawer } from '../sampler/sampler.ts';
import { type Proof, proveGates } from '../space/proofs.ts';
import type { Z3 } from '../space/solver.ts';
import type { Arch } from '../tree/records.ts';
import { explainGate, isAsExpected, judgeGates, type Judged } from '../verdict/gate.ts';
import type { GateCounts, GateFinding, GateReport, SignedFailure, Verdict } from '../verdict/records.ts';
import { canCertify, type Certified, certifyGates, type GatePlace, writeGateVerdict } from './certify-gates.ts';

/** A run at the level of configurations, made whole at the command line. */
export type GateCampaign = GatePlace & {
  z3: Z3;
  runSeed: number;
  /** Null: until time is up. */
  runs: number | null;
  arches: readonly Arch[] | null;
  journal: Journal;
  isTimeUp: () => boolean;
  onProof: (proof: Proof) => void;
  /** How many candidates were judged so far. */
  onJudged: (count: number) => void;
  onVerdict: (verdict: Verdict) => void;
};

/** So many candidates are judged before others get a turn. */
const slice = 250;

/** As many faults of the front end, and the next would only be another. */
const patience = 3;

/**
 * Proves what a space claims of its gates, then judges candidates until their number, the time or the user ends the
 * run. What first shows a failure is certified by the kernel's conf, unless its tools are simulated; of candidates, it
 * goes into the journal and is announced.
 *
 * @throws InfraError where conf cannot be asked
 */
export async function runGates(campaign: GateCampaign): Promise<GateReport> {
  const { sampler, signal, arches } = campaign;
  const run = new GateRun(campaign);
  for (const [arch, models] of sampler.models) {
    if (arches !== null && !arches.includes(arch)) continue;
    for (const model of models) await run.prove(model);
  }
  let count = 0;
  for (const candidate of sampler.candidates(campaign.runSeed, arches)) {
    if (signal.aborted || campaign.isTimeUp() || count === campaign.runs || run.isFaulty) break;
    await run.judge(candidate);
    count += 1;
    if (count % slice > 0) continue;
    campaign.onJudged(count);
    await takeTurns();
  }
  return run.report();
}

/** Judges one candidate again, and has conf certify what fails. @throws InfraError where conf cannot be asked */
export async function judgeOne(place: GatePlace, candidate: Candidate): Promise<Certified & { verdict: Verdict }> {
  const model = place.sampler.modelOf(candidate);
  const { resolver } = model.drawer.possibilities;
  const wrong = judgeGates(resolver, place.loaded.space, candidate).filter((judgement) => !isAsExpected(judgement));
  const failures = wrong.flatMap((judgement) => explainGate(resolver, place.loaded, model.variant.kernel, judgement, candidate.wished));
  const certified = await certifyGates(place, candidate, model, failures);
  return { ...certified, verdict: writeGateVerdict(place, candidate, certified) };
}

/** What failed, where, and what it was resolved by. */
type Exhibit = { judged: Judged; model: ModelDrawer; failures: readonly SignedFailure[]; candidate: Candidate | null };

class GateRun {
  readonly #campaign: GateCampaign;
  readonly #proofs = { proven: 0, idle: 0, refuted: 0 };
  readonly #counts = new Map<Arch, GateCounts>();
  readonly #findings = new Map<string, GateFinding>();
  readonly #faults: GateReport['faults'] = [];

  constructor(campaign: GateCampaign) {
    this.#campaign = campaign;
  }

  get isFaulty(): boolean {
    return this.#faults.length >= patience;
  }

  report(): GateReport {
    return { proofs: this.#proofs, counts: Object.fromEntries(this.#counts), findings: [...this.#findings.values()], faults: this.#faults };
  }

  async prove(model: ModelDrawer): Promise<void> {
    const { z3, signal, onProof } = this.#campaign;
    for (const proof of proveGates(z3, model.drawer.possibilities, model.variant.choices)) {
      await takeTurns();
      if (signal.aborted) return;
      this.#proofs[proof.result] += 1;
      onProof(proof);
      if (proof.witness === null) continue;
      const judged = { arch: proof.arch, ...proof.witness };
      const failures = this.#findFailures(judged, model, proof.symbol);
      if (failures.length === 0) throw new Error(`what refutes a claim about ${proof.symbol} is as the space says: ${JSON.stringify(judged)}`);
      await this.#show({ judged, model, failures, candidate: null });
    }
  }

  async judge(candidate: Candidate): Promise<void> {
    const model = this.#campaign.sampler.modelOf(candidate);
    const failures = this.#findFailures(candidate, model, null);
    for (const { signature } of failures) this.#count(signature, candidate.arch);
    if (failures.length > 0) await this.#show({ judged: candidate, model, failures, candidate });
  }

  /** Failures of one symbol's gate, or of all; those of candidates are counted. */
  #findFailures(judged: Judged, { variant, drawer }: ModelDrawer, symbol: string | null): SignedFailure[] {
    const { loaded } = this.#campaign;
    const { resolver } = drawer.possibilities;
    const judgements = judgeGates(resolver, loaded.space, judged).filter((judgement) => symbol === null || judgement.symbol === symbol);
    const wrong = judgements.filter((judgement) => !isAsExpected(judgement));
    if (symbol === null) {
      const counts = this.#counts.get(judged.arch) ?? { open: 0, shut: 0, wrong: 0 };
      this.#counts.set(judged.arch, counts);
      for (const { unmet } of judgements) counts[unmet.length === 0 ? 'open' : 'shut'] += 1;
      counts.wrong += wrong.length;
    }
    return wrong.flatMap((judgement) => explainGate(resolver, loaded, variant.kernel, judgement, judged.wished));
  }

  /** Certifies what shows something new, or shows it better than before. */
  async #show({ judged, model, failures, candidate }: Exhibit): Promise<void> {
    const isBetter = ({ signature }: SignedFailure) => {
      const known = this.#findings.get(signature);
      return !known || (known.seed === null && candidate !== null) || (!known.isCertified && canCertify(model.variant));
    };
    if (this.isFaulty || !failures.some(isBetter)) return;
    const certified = await certifyGates(this.#campaign, judged, model, failures);
    if (this.#campaign.signal.aborted) return;
    if (certified.fault !== null) this.#faults.push({ arch: judged.arch, fragment: certified.fragment, ...certified.fault });
    const verdict = candidate && writeGateVerdict(this.#campaign, candidate, certified);
    for (const failure of certified.failures) this.#keep(failure, certified, judged.arch, verdict?.seed ?? null);
    if (verdict === null) return;
    this.#campaign.journal.record(verdict, [certified.config, certified.ownConfig]);
    this.#campaign.onVerdict(verdict);
  }

  #count(signature: string, arch: Arch): void {
    const known = this.#findings.get(signature);
    if (!known) return;
    known.candidates += 1;
    if (!known.arches.includes(arch)) known.arches.push(arch);
  }

  /** A certified exhibit is better than any other, one with a seed better than one without. */
  #keep(failure: SignedFailure, { resolution, fragment }: Certified, arch: Arch, seed: string | null): void {
    const known = this.#findings.get(failure.signature);
    const isCertified = resolution === 'certified';
    if (known?.isCertified && !isCertified) return;
    const before = known ?? { arches: [arch], candidates: seed === null ? 0 : 1, seed: null };
    this.#findings.set(failure.signature, { ...failure, isCertified, fragment, arches: before.arches, candidates: before.candidates, seed: seed ?? before.seed });
  }
}

/** Lets signals and timers have their turn: judging is one long computation. */
function takeTurns(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
