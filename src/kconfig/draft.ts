import { type ExpressionId, ExpressionPool, none, type SymbolId } from './expression.ts';
import { type Condition, formatType, type KconfigSymbol, type Menu, type Property, type PropertyType, type SymbolType } from './model.ts';
import type { Output } from './output.ts';

/** Where the parser stands; properties and menus remember it. */
export type Position = { file: string; line: number };

/** A model in the making: symbols are made when they are first named, menus are hung under the one that is open. */
export class Draft {
  readonly expressions = new ExpressionPool();
  readonly symbols: KconfigSymbol[] = [];
  readonly names = new Map<string, SymbolId>();
  readonly root: Menu;
  modules: KconfigSymbol | null = null;
  /** The statement being read, and the one whose block is open. */
  entry: Menu;
  open: Menu;
  /** The choice whose block is open. */
  choice: Menu | null = null;
  #last: Menu | null = null;
  readonly #constants = new Map<string, SymbolId>();
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
    for (const name of ['n', 'm', 'y']) {
      const symbol = this.#addSymbol(name, true);
      symbol.type = 'tristate';
      this.names.set(name, symbol.id);
      this.#constants.set(name, symbol.id);
    }
    this.root = makeMenu('menu', null, null, { file: '', line: 0 });
    this.entry = this.open = this.root;
  }

  /** The symbol of that name; quoted names are constants, and are symbols of their own. */
  lookup(name: string, isConstant = false): KconfigSymbol {
    const names = isConstant ? this.#constants : this.names;
    const known = names.get(name);
    if (known !== undefined) return this.symbols[known] as KconfigSymbol;
    const symbol = this.#addSymbol(name, isConstant);
    names.set(name, symbol.id);
    return symbol;
  }

  addChoiceSymbol(): KconfigSymbol {
    return this.#addSymbol(null, false);
  }

  addEntry(type: Menu['type'], symbol: KconfigSymbol | null, position: Position): Menu {
    const menu = makeMenu(type, symbol, this.open, position);
    if (this.#last) this.#last.next = menu;
    else this.open.firstChild = menu;
    this.#last = menu;
    this.entry = menu;
    symbol?.menus.push(menu);
    return menu;
  }

  /** Opens the block of the statement just read. */
  openBlock(): Menu {
    this.open = this.entry;
    this.#last = null;
    return this.open;
  }

  closeBlock(): void {
    this.#last = this.open;
    this.open = this.open.parent ?? this.root;
  }

  /** Adds a condition to the statement being read. */
  addCondition(of: Condition['kind'], expression: ExpressionId, { file, line }: Position): void {
    const { entry, expressions } = this;
    if (expression === none) return;
    if (of === 'visible') entry.visibility = expressions.and(entry.visibility, expression);
    else if (of !== 'prompt') entry.dependency = expressions.and(entry.dependency, expression);
    entry.conditions = [...entry.conditions, { kind: of, expression, file, line }];
  }

  setType(type: SymbolType): void {
    const { symbol, file, line } = this.entry;
    if (!symbol || symbol.type === type) return;
    if (symbol.type === 'unknown') {
      symbol.type = type;
      return;
    }
    const types = `from '${formatType(symbol.type)}' to '${formatType(type)}'`;
    this.warn({ file, line }, `ignoring type redefinition of '${symbol.name ?? '<choice>'}' ${types}`);
  }

  addProperty(type: PropertyType, expression: ExpressionId, visible: ExpressionId, { file, line }: Position): Property {
    const property: Property = { type, text: null, expression, visible, menu: this.entry, file, line };
    this.entry.symbol?.properties.push(property);
    return property;
  }

  /** A prompt is shown only where all menus around it are `visible if`. */
  addPrompt(type: 'prompt' | 'menu' | 'comment', text: string, visible: ExpressionId, position: Position): void {
    const property = this.addProperty(type, none, visible, position);
    const trimmed = text.replace(/^[ \t-\r]+/, '');
    if (trimmed !== text) this.warn(position, 'leading whitespace ignored');
    if (this.entry.prompt) this.warn(position, 'prompt redefined');
    if (type === 'prompt') {
      for (let menu = this.entry.parent; menu; menu = menu.parent) {
        property.visible = this.expressions.and(property.visible, menu.visibility);
      }
    }
    property.text = trimmed;
    this.entry.prompt = property;
  }

  warn({ file, line }: Position, words: string): void {
    this.#output.stderr(`${file}:${line}:warning: ${words}\n`);
  }

  #addSymbol(name: string | null, isConstant: boolean): KconfigSymbol {
    const symbol: KconfigSymbol = {
      id: this.symbols.length, name, isConstant, type: 'unknown', isTransitional: false, properties: [], menus: [],
      directDependency: none, reverseDependency: none, impliedBy: none, choice: null, isMember: false,
    };
    this.symbols.push(symbol);
    return symbol;
  }
}

/** Most statements have no condition of their own, and only choices have members. */
const nothing: never[] = [];

function makeMenu(type: Menu['type'], symbol: KconfigSymbol | null, parent: Menu | null, { file, line }: Position): Menu {
  return {
    type, next: null, parent, firstChild: null, symbol, prompt: null, visibility: none, dependency: none, help: null,
    file, line, outer: parent, conditions: nothing, members: type === 'choice' ? [] : nothing,
  };
}
