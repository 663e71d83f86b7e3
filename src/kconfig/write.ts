import type { Evaluation } from './evaluate.ts';
import { isChoice, isLogical, type KconfigSymbol, type Menu } from './model.ts';

/** The lines that head every generated file. */
export function formatHeading(title: string, [before, each, after]: readonly [string, string, string]): string {
  return `${before}\n${each} Automatically generated file; DO NOT EDIT.\n${each} ${title}\n${after}\n`;
}

export const poundComment = ['#', '#', '#'] as const;
export const cComment = ['/*', ' *', ' */'] as const;

/**
 * The `.config` text of an evaluation, byte for byte as `conf` writes it (scripts/kconfig/confdata.c: conf_write).
 * Computes what is not computed yet. `visit` sees each symbol once, written or not.
 */
export function formatConfig(evaluation: Evaluation, prefix: string, visit?: (symbol: KconfigSymbol) => void): string {
  const { root } = evaluation.model;
  const seen = new Uint8Array(evaluation.model.symbols.length);
  let out = formatHeading(root.prompt?.text ?? '', poundComment);
  let isAfterMenu = false;
  let menu: Menu | null = root.firstChild;
  while (menu) {
    const { symbol } = menu;
    if (!symbol) {
      if (isShown(evaluation, menu)) {
        out += `\n#\n# ${menu.prompt?.text}\n#\n`;
        isAfterMenu = false;
      }
    } else if (seen[symbol.id] === 0 && !isChoice(symbol)) {
      evaluation.calculate(symbol.id);
      visit?.(symbol);
      seen[symbol.id] = 1;
      if (evaluation.isWritten[symbol.id] === 1) {
        if (isAfterMenu) out += '\n';
        isAfterMenu = false;
        out += formatAssignment(evaluation, symbol, prefix);
      }
    }
    if (menu.firstChild) {
      menu = menu.firstChild;
      continue;
    }
    for (;;) {
      if (!menu.symbol && menu.prompt?.type === 'menu' && menu !== root && isShown(evaluation, menu)) {
        out += `# end of ${menu.prompt.text}\n`;
        isAfterMenu = true;
      }
      if (menu.next) {
        menu = menu.next;
        break;
      }
      menu = menu.parent;
      if (!menu) return out;
    }
  }
  return out;
}

/** A symbol's line in a `.config`; nothing for symbols without a type. */
export function formatAssignment(evaluation: Evaluation, symbol: KconfigSymbol, prefix: string): string {
  if (symbol.type === 'unknown') return '';
  const value = evaluation.valueOf(symbol.id);
  if (isLogical(symbol.type) && value === 'n') return `# ${prefix}${symbol.name} is not set\n`;
  return `${prefix}${symbol.name}=${symbol.type === 'string' ? quote(value) : value}\n`;
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Whether a menu or comment without a symbol is shown (scripts/kconfig/menu.c: menu_is_visible). */
function isShown(evaluation: Evaluation, menu: Menu): boolean {
  return menu.prompt !== null && evaluation.evaluate(menu.visibility) !== 0 && evaluation.evaluate(menu.prompt.visible) !== 0;
}
