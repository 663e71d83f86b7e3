import type { init } from 'z3-solver';
import type { Cnf, Literal } from './cnf.ts';

/** z3, loaded once for a process: 35 MB of WebAssembly, some 0.3 s. */
export type Z3 = Awaited<ReturnType<typeof init>>;

let loaded: Promise<Z3> | null = null;

export function loadZ3(): Promise<Z3> {
  loaded ??= import('z3-solver').then(({ init: load }) => load());
  return loaded;
}

/** z3's value for "yes" (Z3_L_TRUE). */
const yes = 1;

/**
 * One set of clauses, asked again and again under assumptions. Whether there is an answer depends on the clauses and
 * the assumptions alone; which model or core z3 shows depends on all that it was asked before.
 *
 * Questions are put through z3's plain C functions: its promises would cost a thread each.
 */
export class Solver {
  readonly #z3: Z3['Z3'];
  readonly #memory: Memory;
  readonly #context: Context;
  readonly #solver: ReturnType<Z3['Z3']['mk_solver']>;
  readonly #literals = new Map<Literal, Term>();
  readonly #sort: ReturnType<Z3['Z3']['mk_bool_sort']>;

  constructor({ Z3: z3, em }: Z3, cnf: Cnf) {
    this.#z3 = z3;
    this.#memory = em as Memory;
    this.#context = z3.mk_context(z3.mk_config());
    // The solver for finite domains: a SAT solver that keeps what it learns from one question to the next.
    this.#solver = z3.mk_solver_for_logic(this.#context, z3.mk_string_symbol(this.#context, 'QF_FD'));
    z3.solver_inc_ref(this.#context, this.#solver);
    this.#sort = z3.mk_bool_sort(this.#context);
    z3.solver_from_string(this.#context, this.#solver, cnf.format());
  }

  /** Whether something satisfies the clauses and all of these. */
  isPossible(assumptions: readonly Literal[]): boolean {
    const terms = Uint32Array.from(assumptions, (literal) => Number(this.#term(literal)));
    const types = ['number', 'number', 'number', 'array'];
    const answer = this.#memory.ccall('Z3_solver_check_assumptions', 'number', types, [this.#context, this.#solver, terms.length, new Uint8Array(terms.buffer)]);
    if (answer === 0) throw new Error(`z3 gave up: ${this.#z3.solver_get_reason_unknown(this.#context, this.#solver)}`);
    return answer === yes;
  }

  /** After a "no": assumptions that cannot hold together; not always the fewest. */
  core(assumptions: readonly Literal[]): Literal[] {
    const [z3, context] = [this.#z3, this.#context];
    const vector = z3.solver_get_unsat_core(context, this.#solver);
    const found = new Set<Term>(Array.from({ length: z3.ast_vector_size(context, vector) }, (_, index) => z3.ast_vector_get(context, vector, index) as Term));
    return assumptions.filter((literal) => found.has(this.#term(literal)));
  }

  /** After a "yes": which of these hold in the model that z3 found. */
  model(literals: readonly Literal[]): Set<Literal> {
    const model = this.#z3.solver_get_model(this.#context, this.#solver);
    return new Set(
      literals.filter((literal) => {
        const value = this.#z3.model_eval(this.#context, model, this.#term(literal), true);
        return value !== null && this.#z3.get_bool_value(this.#context, value) === yes;
      }),
    );
  }

  /** Has the next models begin with random values, from this seed. */
  shuffle(seed: number): void {
    const z3 = this.#z3;
    const parameters = z3.mk_params(this.#context);
    z3.params_inc_ref(this.#context, parameters);
    z3.params_set_symbol(this.#context, parameters, z3.mk_string_symbol(this.#context, 'phase'), z3.mk_string_symbol(this.#context, 'random'));
    z3.params_set_uint(this.#context, parameters, z3.mk_string_symbol(this.#context, 'random_seed'), seed);
    z3.solver_set_params(this.#context, this.#solver, parameters);
    z3.params_dec_ref(this.#context, parameters);
  }

  /** Gives the memory back; nothing may be asked afterwards. */
  close(): void {
    this.#z3.solver_dec_ref(this.#context, this.#solver);
    this.#z3.del_context(this.#context);
  }

  /** z3 reads DIMACS variable n as the constant of the integer symbol n. */
  #term(literal: Literal): Term {
    const known = this.#literals.get(literal);
    if (known !== undefined) return known;
    const z3 = this.#z3;
    const term = literal < 0 ? z3.mk_not(this.#context, this.#term(-literal)) : z3.mk_const(this.#context, z3.mk_int_symbol(this.#context, literal), this.#sort);
    this.#literals.set(literal, term);
    return term;
  }
}

type Context = ReturnType<Z3['Z3']['mk_context']>;
type Term = ReturnType<Z3['Z3']['mk_not']>;

/** What is used of the WebAssembly module itself; its own types call it `any`. */
type Memory = { ccall: (name: string, result: 'number', types: string[], values: unknown[]) => number };
