/** A propositional variable, or below zero its negation. */
export type Literal = number;

/** The literal that always holds, and the one that never does. */
export const holds: Literal = 1;
export const fails: Literal = -1;

/**
 * Clauses under construction. Gates are folded where an input is constant, and built once: the same question about
 * the same inputs gives the same literal.
 */
export class Cnf {
  variables = 1;
  readonly clauses: Literal[][] = [[holds]];
  readonly #gates = new Map<string, Literal>();

  fresh(): Literal {
    this.variables += 1;
    return this.variables;
  }

  /** At least one of these holds. */
  require(...literals: readonly Literal[]): void {
    if (literals.includes(holds)) return;
    this.clauses.push(literals.filter((literal) => literal !== fails));
  }

  /** Both hold or neither. */
  equate(left: Literal, right: Literal): void {
    if (left === right) return;
    this.require(-left, right);
    this.require(left, -right);
  }

  and(...inputs: readonly Literal[]): Literal {
    const literals = [...new Set(inputs)].filter((literal) => literal !== holds).sort((left, right) => left - right);
    if (literals.includes(fails) || literals.some((literal) => literals.includes(-literal))) return fails;
    if (literals.length < 2) return literals[0] ?? holds;
    const key = literals.join(' ');
    const known = this.#gates.get(key);
    if (known !== undefined) return known;
    const gate = this.fresh();
    this.#gates.set(key, gate);
    for (const literal of literals) this.require(-gate, literal);
    this.require(gate, ...literals.map((literal) => -literal));
    return gate;
  }

  or(...inputs: readonly Literal[]): Literal {
    return -this.and(...inputs.map((literal) => -literal));
  }

  /** `yes` while the condition holds, else `no`. */
  either(condition: Literal, yes: Literal, no: Literal): Literal {
    return yes === no ? yes : this.or(this.and(condition, yes), this.and(-condition, no));
  }

  /** No two of these hold. */
  atMostOne(literals: readonly Literal[]): void {
    for (const [index, one] of literals.entries()) {
      for (const other of literals.slice(index + 1)) this.require(-one, -other);
    }
  }

  /** In the form that solvers read (DIMACS). */
  format(): string {
    const lines = this.clauses.map((clause) => `${clause.join(' ')} 0`);
    return `p cnf ${this.variables} ${this.clauses.length}\n${lines.join('\n')}\n`;
  }
}
