import type { Night } from '../campaign/night.ts';
import { saveNight } from '../campaign/night.ts';
import type { PhaseName } from '../report/nightly.ts';
import { usedBytes } from '../util/disk.ts';

/** How often the time spent is written down, in milliseconds: no more than this is lost of it. */
const beatMs = 5000;

/** `mostBytes`: null where nothing limits them. `reserveBytes`: what candidates in flight may still take. */
export type BudgetLimits = { mostMs: number; mostBytes: number | null; reserveBytes: number; out: string; work: string };

/**
 * What a night has left. Time counts while a process is at it: it is added up beat by beat and written down, so that an
 * hour in which the machine was off, or asleep, costs none of it.
 */
export class NightBudget {
  readonly #night: Night;
  readonly #limits: BudgetLimits;
  readonly #full = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #phase: PhaseName | null = null;
  #tickedAt = performance.now();
  #keptBytes = 0;
  #workBytes = 0;
  #peakBytes: number;
  #saving: Promise<void> = Promise.resolve();

  constructor(night: Night, limits: BudgetLimits) {
    this.#night = night;
    this.#limits = limits;
    this.#peakBytes = limits.reserveBytes;
    this.#timer = setInterval(() => this.#beat(), beatMs);
  }

  get spentMs(): number {
    this.#tick();
    return Object.values(this.#night.state.spentMs).reduce((sum, ms) => sum + ms, 0);
  }

  get leftMs(): number {
    return this.#limits.mostMs - this.spentMs;
  }

  /** Fires once more is on disk than may be. */
  get full(): AbortSignal {
    return this.#full.signal;
  }

  /** Whether another candidate could bring the disk above its limit. */
  get isTight(): boolean {
    const { mostBytes } = this.#limits;
    return mostBytes !== null && this.#keptBytes + Math.max(this.#peakBytes, this.#workBytes) > mostBytes;
  }

  begin(phase: PhaseName | null): void {
    this.#tick();
    this.#phase = phase;
  }

  async measure(): Promise<void> {
    const { mostBytes, out, work } = this.#limits;
    if (mostBytes === null) return;
    [this.#keptBytes, this.#workBytes] = await Promise.all([usedBytes(out), usedBytes(work)]);
    this.#peakBytes = Math.max(this.#peakBytes, this.#workBytes);
    if (this.#keptBytes + this.#workBytes > mostBytes) this.#full.abort();
  }

  /** Writes down what was spent. */
  async save(): Promise<void> {
    this.#tick();
    this.#saving = this.#saving.then(() => saveNight(this.#night));
    await this.#saving;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.save();
  }

  #beat(): void {
    // A disk that is full is for the journal to tell.
    void this.save().catch(() => null);
    void this.measure();
  }

  #tick(): void {
    const now = performance.now();
    if (this.#phase !== null) this.#night.state.spentMs[this.#phase] += now - this.#tickedAt;
    this.#tickedAt = now;
  }
}
