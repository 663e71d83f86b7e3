import { findSeedAtStart, parseSeed } from '../../sampler/seed.ts';
import { UserError } from '../../util/errors.ts';
import { type Line, unquoteLines } from './lines.ts';
import type { Found, GivenSeed, Part, Search } from './records.ts';

/** How many lines a mail may have broken a seed into. */
const mostLines = 8;

/** Seeds in a text, each once; also where they are wrapped, or wrapped and quoted. */
export function findSeeds({ name, text }: Part): Search<GivenSeed> {
  const lines = unquoteLines(text);
  const found = new Map<string, Found<GivenSeed>>();
  const broken: UserError[] = [];
  for (const [index, { text: line, line: number, column }] of lines.entries()) {
    for (const start of line.matchAll(/(?<![A-Za-z0-9_])kf\d+_/g)) {
      const place = { file: name, line: number, column: column + start.index };
      const seed = readWrapped(line.slice(start.index), lines.slice(index + 1, index + mostLines));
      try {
        if (!found.has(seed)) found.set(seed, { recipe: { kind: 'seed', seed: parseSeed(seed) }, place });
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        broken.push(new UserError({ code: error.code, message: error.message, place, ...(error.hint === undefined ? {} : { hint: error.hint }) }));
      }
    }
  }
  return { found: [...found.values()], broken };
}

/** Takes as many lines as a seed goes on over; what is none is given as far as it looks like one. */
function readWrapped(first: string, rest: readonly Line[]): string {
  let text = first;
  for (const next of [...rest.map((line) => line.text), null]) {
    const seed = findSeedAtStart(text);
    if (seed !== null) return seed;
    const [looks = ''] = /^[A-Za-z0-9_.-]*/.exec(text) ?? [];
    // A soft break of quoted-printable, or a shell's.
    const isOpen = /^[=\\]?$/.test(text.slice(looks.length));
    if (next === null || !isOpen) return looks;
    text = looks + next;
  }
  return text;
}
