import type { ExpressionId, ExpressionPool, SymbolId } from './expression.ts';
import type { Help } from './help.ts';
import type { Plan } from './plan.ts';

/**
 * What the Kconfig files of one tree say, for one architecture and one toolchain. Not changed once parsed: any number
 * of evaluators share it. Texts hold one character a byte (`latin1`), so that what is written is what was read.
 */
export type Model = {
  symbols: readonly KconfigSymbol[];
  /** Symbols by name: those that a `config` statement can define, and quoted constants apart. */
  names: ReadonlyMap<string, SymbolId>;
  expressions: ExpressionPool;
  root: Menu;
  /** The symbol that has `modules`; the constant `n` where none has. */
  modules: SymbolId;
  /** All symbols but the three constants, in the order that `conf` walks its hash table (scripts/include/hash.h). */
  hashOrder: Int32Array;
  plan: Plan;
  /** Files read, in the order of their first lines. */
  files: readonly string[];
  /** Environment variables that the files asked for, in the order of the first question. */
  environment: readonly (readonly [name: string, value: string])[];
};

export type SymbolType = 'unknown' | 'bool' | 'tristate' | 'int' | 'hex' | 'string';

/** A symbol, or a choice (which has no name). */
export type KconfigSymbol = {
  readonly id: SymbolId;
  readonly name: string | null;
  /** `"text"` and numbers in quotes, `y`, `m`, `n`. */
  readonly isConstant: boolean;
  type: SymbolType;
  isTransitional: boolean;
  /** Of all its definitions, in the order of the text. */
  readonly properties: Property[];
  /** Each place that defines it. */
  readonly menus: Menu[];
  /** `depends on`, with what surrounds each definition; {@link none} inside a choice. */
  directDependency: ExpressionId;
  /** Who selects it, and who implies it. */
  reverseDependency: ExpressionId;
  impliedBy: ExpressionId;
  /** The choice it belongs to, found through its first prompt (scripts/kconfig/symbol.c: sym_get_choice_menu). */
  choice: Menu | null;
  /** Whether a `choice` lists it as a member. */
  isMember: boolean;
};

export type PropertyType = 'prompt' | 'comment' | 'menu' | 'default' | 'select' | 'imply' | 'range';

export type Property = {
  type: PropertyType;
  /** Of prompts, menus and comments. */
  text: string | null;
  /** The default, the selected symbol, the range. */
  readonly expression: ExpressionId;
  /** Its `if`, with the dependencies of what surrounds it. */
  visible: ExpressionId;
  readonly menu: Menu;
  readonly file: string;
  readonly line: number;
};

/** A place in the tree of menus: a `config`, `menu`, `comment`, `choice` or `if` statement. */
export type Menu = {
  readonly type: 'choice' | 'comment' | 'if' | 'menu' | 'normal';
  next: Menu | null;
  parent: Menu | null;
  firstChild: Menu | null;
  readonly symbol: KconfigSymbol | null;
  prompt: Property | null;
  /** `visible if` */
  visibility: ExpressionId;
  /** `depends on`, and after parsing that of all that surrounds it. */
  dependency: ExpressionId;
  help: Help | null;
  readonly file: string;
  readonly line: number;
  /** The block that holds the statement, as written; `parent` may be a symbol that it depends on. */
  readonly outer: Menu | null;
  /** Conditions that the statement itself states, as written. */
  conditions: readonly Condition[];
  /** Of a choice: its members' ids, in the order of the text. */
  readonly members: SymbolId[];
};

/** A `depends on`, an `if` around others, a prompt's own `if`, or a `visible if` of a menu. */
export type Condition = { readonly kind: 'depends' | 'if' | 'prompt' | 'visible'; readonly expression: ExpressionId; readonly file: string; readonly line: number };

/** The next place in the order of the text, below `root` only; null at its end. */
export function nextMenu(menu: Menu, root: Menu): Menu | null {
  if (menu.firstChild) return menu.firstChild;
  let last: Menu | null = menu;
  while (last !== null && last !== root && last.next === null) last = last.parent;
  return last === null || last === root ? null : last.next;
}

/** All places below `root`, in the order of the text. */
export function* menusBelow(root: Menu): Generator<Menu> {
  for (let menu = nextMenu(root, root); menu; menu = nextMenu(menu, root)) yield menu;
}

/** The choice that holds a symbol's first prompt, if one does. */
export function findChoice(symbol: KconfigSymbol): Menu | null {
  let menu = symbol.menus.find(({ prompt }) => prompt !== null) ?? null;
  if (!menu) return null;
  do menu = menu.parent;
  while (menu !== null && menu.symbol === null);
  return menu?.symbol && isChoice(menu.symbol) ? menu : null;
}

export function isChoice(symbol: KconfigSymbol): boolean {
  return symbol.name === null;
}

/** The word that messages use for a type. */
export function formatType(type: SymbolType): string {
  return type === 'int' ? 'integer' : type;
}

export function isLogical(type: SymbolType): boolean {
  return type === 'bool' || type === 'tristate';
}
