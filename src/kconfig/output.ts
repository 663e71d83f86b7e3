/** Where messages of a run go; texts hold one character a byte. */
export type Output = { stdout(text: string): void; stderr(text: string): void };

/** An output that keeps what it is told. */
export class KeptOutput implements Output {
  out = '';
  err = '';
  stdout(text: string): void {
    this.out += text;
  }
  stderr(text: string): void {
    this.err += text;
  }
}
