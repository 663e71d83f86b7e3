import { UserError } from '../util/errors.ts';
import { choiceDefault } from './choice.ts';
import type { Evaluation } from './evaluate.ts';
import type { ExpressionId, SymbolId } from './expression.ts';
import { limitingSymbols } from './limiting.ts';
import { type Condition, isLogical, type KconfigSymbol, type Menu, type Property, type SymbolType } from './model.ts';
import { formatExpression, withValues } from './print-expression.ts';
import { parseTristate, type Tristate, tristateLetters } from './values.ts';

type Letter = (typeof tristateLetters)[number];

/** A condition, its value, where it is written, and the symbols in it that keep it low. */
export type ExplainedCondition = { text: string; value: Letter; place: string; limits: boolean; because: Cause[] };
/** A symbol with a value that limits another one; `conditions` say why, as far as the explanation goes. */
export type Cause = { symbol: string; value: string; place: string; conditions: ExplainedCondition[] };
export type ExplainedPrompt = { text: string; place: string; visible: Letter; conditions: ExplainedCondition[] };
/** A select or imply that names the symbol; `value` is what it amounts to now. */
export type ExplainedSource = { symbol: string; place: string; value: Letter; condition: string };
export type ExplainedDefault = { value: string; place: string; condition: string; holds: Letter; isUsed: boolean };

/** Why a symbol has its value, and what stands between it and the wanted one. */
export type Explanation = {
  symbol: string;
  type: SymbolType;
  value: string;
  /** What a configuration asked for, and what the question is about; null where nothing. */
  requested: string | null;
  wanted: string | null;
  /** The answer in a sentence. */
  verdict: string;
  definitions: string[];
  prompts: ExplainedPrompt[];
  selectedBy: ExplainedSource[];
  impliedBy: ExplainedSource[];
  defaults: ExplainedDefault[];
  ranges: ExplainedDefault[];
  /** The choice it is a member of, and the member that is chosen. */
  choice: { place: string; chosen: string | null; default: string | null } | null;
};

/** How many symbols deep causes are followed. */
const depth = 4;

/** @throws UserError `UNKNOWN_SYMBOL` */
export function explain(evaluation: Evaluation, name: string, wanted: string | null = null): Explanation {
  const { model } = evaluation;
  const id = model.names.get(name);
  const symbol = id === undefined ? undefined : model.symbols[id];
  if (id === undefined || !symbol || symbol.menus.length === 0) {
    throw new UserError({ code: 'UNKNOWN_SYMBOL', message: `no Kconfig file of this architecture defines ${name}` });
  }
  evaluation.calculate(id);
  const value = evaluation.valueOf(id);
  const goal = (wanted === null ? null : parseTristate(wanted)) ?? (evaluation.visible[id] === 2 ? 2 : Math.max(1, evaluation.tristates[id] ?? 0));
  const explainer = new Explainer(evaluation, goal === 1 && symbol.type === 'bool' ? 2 : (goal as Tristate));
  const explanation: Explanation = {
    symbol: name,
    type: symbol.type,
    value,
    requested: evaluation.hasUser[id] === 1 ? explainer.requested(symbol) : null,
    wanted,
    verdict: '',
    definitions: symbol.menus.map(placeOf),
    prompts: symbol.menus.flatMap((menu) => (menu.prompt ? [explainer.explainPrompt(menu, menu.prompt)] : [])),
    selectedBy: explainer.explainSources(id, 'select'),
    impliedBy: explainer.explainSources(id, 'imply'),
    defaults: explainer.explainValues(symbol, 'default'),
    ranges: explainer.explainValues(symbol, 'range'),
    choice: explainer.explainChoice(symbol),
  };
  explanation.verdict = judge(evaluation, symbol, explanation, wanted);
  return explanation;
}

class Explainer {
  readonly #evaluation: Evaluation;
  readonly #goal: Tristate;
  readonly #seen = new Set<SymbolId>();

  constructor(evaluation: Evaluation, goal: Tristate) {
    this.#evaluation = evaluation;
    this.#goal = goal;
  }

  requested(symbol: KconfigSymbol): string {
    const { userTristates, userTexts } = this.#evaluation;
    return isLogical(symbol.type) ? this.#letter(userTristates[symbol.id] as number) : (userTexts[symbol.id] as string);
  }

  explainPrompt(menu: Menu, prompt: Property): ExplainedPrompt {
    this.#seen.clear();
    if (menu.symbol) this.#seen.add(menu.symbol.id);
    const visible = this.#letter(this.#evaluation.evaluate(prompt.visible));
    return { text: prompt.text ?? '', place: placeOf(prompt), visible, conditions: this.#explainConditions(menu, this.#goal, depth) };
  }

  explainSources(target: SymbolId, how: 'select' | 'imply'): ExplainedSource[] {
    const { model } = this.#evaluation;
    return model.symbols.flatMap((source) =>
      source.properties
        .filter(({ type, expression }) => type === how && model.expressions.left(expression) === target)
        .map((property) => {
          this.#evaluation.calculate(source.id);
          const holds = Math.min(this.#evaluation.tristates[source.id] as number, this.#evaluation.evaluate(property.visible));
          return { symbol: source.name ?? '', place: placeOf(property), value: this.#letter(holds), condition: this.#format(property.visible) };
        }),
    );
  }

  explainValues(symbol: KconfigSymbol, type: 'default' | 'range'): ExplainedDefault[] {
    const used = this.#evaluation.findActive(symbol, type);
    return symbol.properties
      .filter((property) => property.type === type)
      .map((property) => ({
        value: this.#format(property.expression),
        place: placeOf(property),
        condition: this.#format(property.visible),
        holds: this.#letter(this.#evaluation.evaluate(property.visible)),
        isUsed: property === used,
      }));
  }

  explainChoice({ choice }: KconfigSymbol): Explanation['choice'] {
    if (!choice) return null;
    const { model, tristates } = this.#evaluation;
    for (const id of choice.members) this.#evaluation.calculate(id);
    const chosen = choice.members.find((id) => tristates[id] === 2);
    const preset = choiceDefault(this.#evaluation, choice);
    const nameOf = (id: SymbolId | null | undefined) => (id === null || id === undefined ? null : (model.symbols[id]?.name ?? null));
    return { place: placeOf(choice), chosen: nameOf(chosen), default: nameOf(preset) };
  }

  /** The statement's own conditions and those of all blocks around it, from the innermost outwards. */
  #explainConditions(menu: Menu, goal: Tristate, left: number): ExplainedCondition[] {
    const found: ExplainedCondition[] = [];
    for (const condition of conditionsOf(menu)) {
      const value = this.#evaluation.evaluate(condition.expression);
      const because = value < goal && left > 0 ? this.#findCauses(condition.expression, goal, left) : [];
      found.push({
        text: `${words[condition.kind]} ${this.#format(condition.expression)}`, value: this.#letter(value),
        place: placeOf(condition), limits: value < goal, because,
      });
    }
    return found;
  }

  #findCauses(id: ExpressionId, goal: Tristate, left: number): Cause[] {
    const { model } = this.#evaluation;
    const causes: Cause[] = [];
    for (const symbolId of limitingSymbols(this.#evaluation, id, goal)) {
      if (this.#seen.has(symbolId)) continue;
      this.#seen.add(symbolId);
      const symbol = model.symbols[symbolId] as KconfigSymbol;
      const [menu] = symbol.menus;
      const value = this.#evaluation.valueOf(symbolId);
      const conditions = menu && value !== 'y' ? this.#explainConditions(menu, goal, left - 1).filter(({ limits }) => limits) : [];
      causes.push({ symbol: symbol.name ?? '<choice>', value, place: menu ? placeOf(menu) : 'nowhere defined', conditions });
    }
    return causes;
  }

  #format(id: ExpressionId): string {
    const show = withValues(this.#evaluation);
    return formatExpression(this.#evaluation.model, id, (symbol) => (symbol.isConstant ? (symbol.name ?? '') : show(symbol)));
  }

  #letter(value: number): Letter {
    return tristateLetters[value] ?? 'n';
  }
}

const words: Record<Condition['kind'], string> = { depends: 'depends on', if: 'if', prompt: 'prompt if', visible: 'visible if' };

/** All conditions on a place, as written, its own first. A prompt's own `if` is among them. */
export function conditionsOf(menu: Menu): Condition[] {
  const found: Condition[] = [];
  for (let place: Menu | null = menu; place; place = place.outer) {
    const other = place === menu ? 'visible' : 'prompt';
    for (const condition of place.conditions) if (condition.kind !== other) found.push(condition);
  }
  return found;
}

/** `file:line` */
export function placeOf({ file, line }: { file: string; line: number }): string {
  return `${file}:${line}`;
}

function judge(evaluation: Evaluation, symbol: KconfigSymbol, explanation: Explanation, wanted: string | null): string {
  const { value, choice } = explanation;
  const selector = explanation.selectedBy.find((source) => source.value !== 'n');
  const isVisible = evaluation.visible[symbol.id] !== 0;
  if (wanted !== null && value === wanted) return `it is ${value}${selector ? `, selected by ${selector.symbol}` : ''}`;
  if (wanted !== null && choice?.chosen && choice.chosen !== symbol.name && isVisible) return `its choice has ${choice.chosen} set; only one member can be y`;
  if (selector && selector.value === value) return `it is ${value} because ${selector.symbol} selects it (${selector.place})`;
  if (isVisible) return wanted === null ? `it is ${value}; its prompt is visible up to ${tristateLetters[evaluation.visible[symbol.id] as Tristate]}` : `it can be set: its prompt is visible up to ${tristateLetters[evaluation.visible[symbol.id] as Tristate]}`;
  if (explanation.prompts.length === 0) return `it is ${value}; it has no prompt: only defaults, select and imply decide`;
  return `it is ${value} and cannot be set: no prompt of it is visible`;
}
