import { parseProbabilities } from '../../kconfig/probability.ts';
import { parseNumber } from '../../kconfig/values.ts';
import { type Complaint, UserError } from '../../util/errors.ts';
import { excerpt, unquoteLines } from './lines.ts';
import type { Found, GivenRandom, Part, Search } from './records.ts';

/** Seeds of `make randconfig` in a text, as conf prints them and as people call it. */
export function findRandom({ name, text }: Part): Search<GivenRandom> {
  const lines = unquoteLines(text);
  const found = new Map<number, Found<GivenRandom>>();
  const broken: UserError[] = [];
  for (const [index, { text: line, line: number, column }] of lines.entries()) {
    for (const match of line.matchAll(/(?<![A-Za-z0-9_])KCONFIG_SEED\s*=\s*(\S*)/g)) {
      const place = { file: name, line: number, column: column + match.index };
      const wrapped = match[1] === '' ? (/^\S+/.exec(lines[index + 1]?.text ?? '')?.[0] ?? '') : (match[1] ?? '');
      const read = readRandom(wrapped, text);
      if ('message' in read) broken.push(new UserError({ ...read, place }));
      else if (!found.has(read.kconfigSeed)) found.set(read.kconfigSeed, { recipe: read, place });
    }
  }
  return { found: [...found.values()], broken };
}

function readRandom(word: string, text: string): GivenRandom | Complaint {
  const number = word.replace(/^["'`]+|["'`>.,;:)\]]+$/g, '');
  const parsed = parseNumber(number, 0);
  if (number === '' || !parsed.isWhole) return { code: 'KCONFIG_SEED_MALFORMED', message: `"${excerpt(number, 40)}" is no seed of randconfig`, hint: 'make randconfig prints one as KCONFIG_SEED=0x1A2B3C4D' };
  const others = /(?<![A-Za-z0-9_])KCONFIG_ALLCONFIG=(?!["']?(?:\s|$))(\S+)/.exec(text)?.[1];
  if (others !== undefined) return { code: 'KCONFIG_ALLCONFIG', message: `this configuration was drawn on top of a file, ${excerpt(others)}, that is not here`, hint: 'take the .config that came of it' };
  const given = /(?<![A-Za-z0-9_])KCONFIG_PROBABILITY=["']?([\d:]+)/.exec(text)?.[1];
  const probabilities = parseProbabilities(given);
  if (!probabilities) return { code: 'KCONFIG_PROBABILITY', message: `KCONFIG_PROBABILITY=${(given ?? '').slice(0, 40)} is out of range`, hint: 'one to three numbers from 0 to 100 are wanted, as make randconfig takes them' };
  // As conf does: 32 bits of it (scripts/kconfig/conf.c: set_randconfig_seed).
  return { kind: 'random', kconfigSeed: Number(BigInt.asUintN(32, BigInt(parsed.value))), probabilities };
}
