import type { Evaluation } from './evaluate.ts';
import type { ExpressionId } from './expression.ts';
import { formatType, type KconfigSymbol, type Menu, type Property, type PropertyType } from './model.ts';
import { readHelp } from './help.ts';
import { KeptOutput } from './output.ts';
import { formatExpression, formatReasons, withValues } from './print-expression.ts';
import { Simplifier } from './simplify.ts';
import { isVisible } from './visible.ts';

/** What `conf` prints when it is asked for help with an entry (scripts/kconfig/menu.c: menu_get_ext_help). */
export class HelpWriter {
  readonly #evaluation: Evaluation;
  readonly #prefix: string;
  /** Comparing expressions makes new ones: they go into a pool of this writer's own. */
  readonly #simplifier: Simplifier;

  constructor(evaluation: Evaluation, prefix: string) {
    const { expressions, symbols } = evaluation.model;
    this.#evaluation = evaluation;
    this.#prefix = prefix;
    this.#simplifier = new Simplifier(expressions.copy(), symbols, new KeptOutput());
  }

  format(menu: Menu): string {
    const { symbol, help } = menu;
    const title = help !== null && symbol?.name ? `${this.#prefix}${symbol.name}:\n\n` : '';
    const text = help ? readHelp(help) : 'There is no help available for this option.';
    return `${title}${`${text}\n`.slice(0, 9999)}${symbol ? this.#formatSymbol(symbol) : ''}`;
  }

  #formatSymbol(symbol: KconfigSymbol): string {
    const evaluation = this.#evaluation;
    let out = '';
    if (symbol.name !== null) {
      out += `Symbol: ${symbol.name} [=${evaluation.valueOf(symbol.id)}]\nType  : ${formatType(symbol.type)}\n`;
      const range = symbol.type === 'int' || symbol.type === 'hex' ? evaluation.findActive(symbol, 'range') : null;
      if (range) out += `Range : ${this.#formatExpression(range.expression)}\n`;
    }
    for (const menu of symbol.menus) if (menu.prompt) out += formatPlace(menu) + this.#formatPrompt(menu.prompt);
    for (const menu of symbol.menus) {
      if (!menu.prompt) out += formatPlace(menu) + this.#formatDependency(menu.dependency, '  Depends on: ');
    }
    out += this.#formatTargets(symbol, 'select', 'Selects: ') + this.#formatSources(symbol.reverseDependency, 'Selected');
    out += this.#formatTargets(symbol, 'imply', 'Implies: ') + this.#formatSources(symbol.impliedBy, 'Implied');
    return `${out}\n\n`;
  }

  #formatPrompt(prompt: Property): string {
    const { menu } = prompt;
    let out = `  Prompt: ${prompt.text}\n${this.#formatDependency(menu.dependency, '  Depends on: ')}`;
    if (!this.#simplifier.isEqual(menu.dependency, prompt.visible)) {
      out += this.#formatDependency(prompt.visible, '  Visible if: ');
    }
    const path: Menu[] = [];
    const { root } = this.#evaluation.model;
    let isFound = false;
    for (let place: Menu | null = menu; place && place !== root && path.length < 8; place = place.parent) {
      path.unshift(place);
      isFound ||= isVisible(this.#evaluation, place);
    }
    out += '  Location:\n';
    path.forEach(({ prompt: shown, symbol }, depth) => {
      const value = symbol ? ` (${symbol.name ?? '<choice>'} [=${this.#evaluation.valueOf(symbol.id)}])` : '';
      out += `${' '.repeat(2 * depth + 4)}-> ${shown?.text ?? symbol?.name ?? '(null)'}${value}\n`;
    });
    return out;
  }

  #formatDependency(id: ExpressionId, title: string): string {
    return this.#evaluation.model.expressions.isYes(id) ? '' : `${title}${this.#formatExpression(id)}\n`;
  }

  #formatTargets({ properties }: KconfigSymbol, type: PropertyType, title: string): string {
    const targets = properties.filter((property) => property.type === type);
    if (targets.length === 0) return '';
    return `${title}${targets.map(({ expression }) => this.#formatExpression(expression)).join(' && ')}\n`;
  }

  #formatSources(id: ExpressionId, how: string): string {
    if (id === 0) return '';
    return ([[2, 'y'], [1, 'm'], [0, 'n']] as const)
      .map(([value, letter]) => formatReasons(this.#evaluation, id, value, `${how} by [${letter}]:\n`))
      .join('');
  }

  #formatExpression(id: ExpressionId): string {
    return formatExpression(this.#evaluation.model, id, withValues(this.#evaluation));
  }
}

function formatPlace({ file, line }: Menu): string {
  return `Defined at ${file}:${line}\n`;
}
