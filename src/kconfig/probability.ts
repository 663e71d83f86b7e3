/** In percent: how often `--randconfig` draws `y` for a bool, `y` and `m` for a tristate. */
export type Probabilities = { boolYes: number; tristateYes: number; tristateModule: number };

/**
 * Reads `KCONFIG_PROBABILITY`: up to three numbers from 0 to 100, with colons between them
 * (scripts/kconfig/conf.c: conf_set_all_new_symbols). Null where one is out of range.
 */
export function parseProbabilities(text: string | undefined): Probabilities | null {
  const numbers: number[] = [];
  for (let rest = text ?? ''; rest !== '' && numbers.length < 3; ) {
    const match = /^[ \t-\r]*[+-]?[0-9]+/.exec(rest);
    const number = match ? Number(match[0]) : 0;
    if (number < 0 || number > 100) return null;
    numbers.push(number);
    rest = rest.slice(match?.[0].length ?? 0);
    if (rest.startsWith(':')) rest = rest.slice(1);
  }
  const probabilities = combine(numbers);
  return probabilities.tristateYes + probabilities.tristateModule > 100 ? null : probabilities;
}

function combine([first, second, third]: readonly number[]): Probabilities {
  if (first === undefined) return { boolYes: 50, tristateYes: 33, tristateModule: 33 };
  if (second === undefined) {
    const tristateModule = Math.trunc(first / 2);
    return { boolYes: first, tristateYes: first - tristateModule, tristateModule };
  }
  if (third === undefined) return { boolYes: first + second, tristateYes: first, tristateModule: second };
  return { boolYes: first, tristateYes: second, tristateModule: third };
}
