import { appendFileSync } from 'node:fs';
import { lineProgress, type Progress } from './progress.ts';

/** Tells on standard error what is done, and keeps it in the night's folder once there is one. */
export class NightLog {
  readonly progress: Progress = lineProgress({ write: (text) => this.#write(text) }, false);
  #file: string | null = null;
  #early = '';

  keepIn(file: string): void {
    this.#file = file;
    appendFileSync(file, this.#early);
  }

  /** What is told elsewhere. */
  keep(text: string): void {
    if (this.#file !== null) appendFileSync(this.#file, `${text}\n`);
  }

  #write(text: string): void {
    process.stderr.write(text);
    const dated = `${new Date().toISOString()} ${text}`;
    if (this.#file === null) this.#early += dated;
    else appendFileSync(this.#file, dated);
  }
}
