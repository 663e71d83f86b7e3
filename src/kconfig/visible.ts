import type { Evaluation } from './evaluate.ts';
import type { Menu } from './model.ts';

/** Whether a place is shown to the user, itself or for something in it (scripts/kconfig/menu.c: menu_is_visible). */
export function isVisible(evaluation: Evaluation, menu: Menu): boolean {
  const { prompt, symbol } = menu;
  if (!prompt || evaluation.evaluate(menu.visibility) === 0) return false;
  if (symbol) evaluation.calculate(symbol.id);
  if (evaluation.evaluate(prompt.visible) !== 0) return true;
  if (!symbol || evaluation.tristates[symbol.id] === 0) return false;
  for (let child = menu.firstChild; child; child = child.next) if (isVisible(evaluation, child)) return true;
  return false;
}
