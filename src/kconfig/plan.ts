import { type ExpressionId, type ExpressionPool, kind, type SymbolId } from './expression.ts';
import { isChoice, type KconfigSymbol, type Menu, nextMenu, type Property, type SymbolType } from './model.ts';

/** Symbol types as numbers, in {@link Plan.types}. */
export const typeCode: Record<SymbolType, number> = { unknown: 0, bool: 1, tristate: 2, int: 3, hex: 4, string: 5 };

/** A model laid out for evaluation: what is asked of each symbol each time, without a walk over objects. */
export type Plan = {
  types: Uint8Array;
  isTransitional: Uint8Array;
  isMember: Uint8Array;
  /** Conditions of symbol n's prompts: `prompts[promptStarts[n]]` up to `prompts[promptStarts[n + 1]]`. */
  promptStarts: Int32Array;
  prompts: Int32Array;
  /** Conditions of defaults, laid out like prompts, and the values beside them. */
  defaultStarts: Int32Array;
  defaultConditions: Int32Array;
  defaultValues: Int32Array;
  /** Symbols with a default that copies a transitional symbol. */
  hasTransitionalDefault: Uint8Array;
  direct: Int32Array;
  reverse: Int32Array;
  implied: Int32Array;
  choices: readonly Menu[];
  /** The walk of {@link formatConfig}: a symbol's id, or below zero `~index` of one of `shown`. */
  walk: Int32Array;
  shown: readonly Shown[];
};

/** The title of a menu or comment, or the end of a menu; written while both conditions hold. */
export type Shown = { text: string; isEnd: boolean; visibility: ExpressionId; condition: ExpressionId };

export function compilePlan(symbols: readonly KconfigSymbol[], expressions: ExpressionPool, root: Menu): Plan {
  const promptStarts = new Int32Array(symbols.length + 1);
  const defaultStarts = new Int32Array(symbols.length + 1);
  const hasTransitionalDefault = new Uint8Array(symbols.length);
  const prompts: number[] = [];
  const defaults: Property[] = [];
  for (const { id, properties } of symbols) {
    for (const property of properties) {
      if (property.text !== null) prompts.push(property.visible);
      if (property.type !== 'default') continue;
      defaults.push(property);
      const source = singleSymbol(expressions, property.expression);
      if (source !== null && symbols[source]?.isTransitional) hasTransitionalDefault[id] = 1;
    }
    promptStarts[id + 1] = prompts.length;
    defaultStarts[id + 1] = defaults.length;
  }
  const [types, isTransitional, isMember] = [new Uint8Array(symbols.length), new Uint8Array(symbols.length), new Uint8Array(symbols.length)];
  const [direct, reverse, implied] = [new Int32Array(symbols.length), new Int32Array(symbols.length), new Int32Array(symbols.length)];
  for (const symbol of symbols) {
    const { id } = symbol;
    types[id] = typeCode[symbol.type];
    isTransitional[id] = symbol.isTransitional ? 1 : 0;
    isMember[id] = symbol.isMember ? 1 : 0;
    direct[id] = symbol.directDependency;
    reverse[id] = symbol.reverseDependency;
    implied[id] = symbol.impliedBy;
  }
  return {
    types, isTransitional, isMember, promptStarts, prompts: Int32Array.from(prompts), defaultStarts,
    defaultConditions: Int32Array.from(defaults.map(({ visible }) => visible)),
    defaultValues: Int32Array.from(defaults.map(({ expression }) => expression)),
    hasTransitionalDefault, direct, reverse, implied,
    choices: symbols.flatMap((symbol) => (isChoice(symbol) ? symbol.menus.slice(0, 1) : [])),
    ...planWalk(root, symbols.length),
  };
}

/** The symbol that an expression consists of, or null. */
export function singleSymbol(expressions: ExpressionPool, id: ExpressionId): SymbolId | null {
  return expressions.kind(id) === kind.symbol ? expressions.left(id) : null;
}

/** Symbols where they are first met; a menu's end after all that is in it. */
function planWalk(root: Menu, symbolCount: number): Pick<Plan, 'walk' | 'shown'> {
  const walk: number[] = [];
  const shown: Shown[] = [];
  const seen = new Uint8Array(symbolCount);
  const open: Menu[] = [];
  for (let menu = nextMenu(root, root); menu; menu = nextMenu(menu, root)) {
    closeUpTo(menu.parent);
    const { symbol } = menu;
    if (!symbol) show(menu, false);
    else if (!isChoice(symbol) && seen[symbol.id] === 0) walk.push(symbol.id);
    if (symbol) seen[symbol.id] = 1;
    open.push(menu);
  }
  closeUpTo(root);
  return { walk: Int32Array.from(walk), shown };

  function closeUpTo(parent: Menu | null): void {
    for (let last = open.at(-1); last && last !== parent; last = open.at(-1)) {
      if (!last.symbol && last.prompt?.type === 'menu') show(last, true);
      open.pop();
    }
  }

  function show({ prompt, visibility }: Menu, isEnd: boolean): void {
    if (!prompt) return;
    walk.push(~shown.length);
    shown.push({ text: prompt.text ?? '', isEnd, visibility, condition: prompt.visible });
  }
}
