const degree = 31;
const separation = 3;

/**
 * The numbers that glibc's `rand()` gives after `srand(seed)`: an additive feedback generator of degree 31, filled by
 * the minimal standard generator and run 310 times before its first number (glibc, stdlib/random_r.c, TYPE_3).
 */
export class GlibcRandom {
  readonly #state = new Int32Array(degree);
  #front = separation;
  #rear = 0;

  constructor(seed: number) {
    let word = seed | 0 || 1;
    this.#state[0] = word;
    for (let index = 1; index < degree; index++) {
      const high = Math.trunc(word / 127773);
      word = 16807 * (word % 127773) - 2836 * high;
      if (word < 0) word += 2147483647;
      this.#state[index] = word;
    }
    for (let round = 0; round < degree * 10; round++) this.next();
  }

  /** From 0 to 2³¹ − 1. */
  next(): number {
    const sum = ((this.#state[this.#front] as number) + (this.#state[this.#rear] as number)) | 0;
    this.#state[this.#front] = sum;
    this.#front = (this.#front + 1) % degree;
    this.#rear = (this.#rear + 1) % degree;
    return sum >>> 1;
  }
}
