import { moveMember } from './choice.ts';
import type { Evaluation } from './evaluate.ts';
import type { GlibcRandom } from './glibc-random.ts';
import { isChoice, isLogical, type Menu, menusBelow } from './model.ts';
import type { Probabilities } from './probability.ts';
import type { Tristate } from './values.ts';

/** What symbols without a user value get. */
export type Fill =
  | { kind: 'default' }
  | { kind: 'value'; value: Tristate }
  | { kind: 'random'; random: GlibcRandom; probabilities: Probabilities };

/** Gives a user value to each symbol with a prompt that has none (scripts/kconfig/conf.c: conf_set_all_new_symbols). */
export function fillNewSymbols(evaluation: Evaluation, fill: Fill): void {
  if (fill.kind !== 'default') fillSymbols(evaluation, fill);
  evaluation.invalidate();
}

function fillSymbols(evaluation: Evaluation, fill: Exclude<Fill, { kind: 'default' }>): void {
  for (const menu of menusBelow(evaluation.model.root)) {
    const { symbol } = menu;
    if (!symbol || !menu.prompt || evaluation.hasUser[symbol.id] === 1 || !isLogical(symbol.type) || symbol.isMember) continue;
    if (isChoice(symbol)) {
      if (fill.kind === 'random') shuffleMembers(evaluation, menu, fill.random);
      continue;
    }
    evaluation.userTristates[symbol.id] = fill.kind === 'value' ? fill.value : drawValue(symbol.type === 'tristate', fill);
    evaluation.hasUser[symbol.id] = 1;
  }
}

function drawValue(isTristate: boolean, { random, probabilities }: Extract<Fill, { kind: 'random' }>): Tristate {
  const { boolYes, tristateYes, tristateModule } = probabilities;
  const drawn = random.next() % 100;
  if (!isTristate) return drawn < boolYes ? 2 : 0;
  return drawn < tristateYes ? 2 : drawn < tristateYes + tristateModule ? 1 : 0;
}

/** Puts the members without a user value in a random order, behind those that have one. */
function shuffleMembers(evaluation: Evaluation, choice: Menu, random: GlibcRandom): void {
  const members = [...menusBelow(choice)].flatMap(({ symbol }) => symbol ?? []);
  for (let left = members.filter(({ id }) => evaluation.hasUser[id] === 0).length; left > 0; left--) {
    const free = members.filter(({ id }) => evaluation.hasUser[id] === 0);
    const picked = free[random.next() % left];
    if (!picked) return;
    evaluation.userTristates[picked.id] = 2;
    evaluation.hasUser[picked.id] = 1;
    moveMember(evaluation, choice, picked.id, 'last');
  }
}
