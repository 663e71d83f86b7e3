import { type ExpressionId, type ExpressionPool, isComparison, kind, none } from './expression.ts';
import { isChoice, type KconfigSymbol, type Menu, menusBelow, type Property, type PropertyType } from './model.ts';
import type { Output } from './output.ts';

/** Through what a symbol on the path leads to the next one. */
type Step = { symbol: KconfigSymbol; property: Property | null; through: 'depends' | 'selected' | 'implied' | 'value' | 'visible' };

/**
 * Looks for symbols that depend on themselves, and reports each ring with its path
 * (scripts/kconfig/symbol.c: sym_check_deps; each symbol is looked at once).
 */
export class RingChecker {
  readonly #expressions: ExpressionPool;
  readonly #symbols: readonly KconfigSymbol[];
  readonly #output: Output;
  readonly #done = new Set<KconfigSymbol>();
  readonly #active = new Set<KconfigSymbol>();
  readonly #path: Step[] = [];
  /** Expressions none of whose symbols can close a ring any more. */
  readonly #clear: Uint8Array;

  constructor(expressions: ExpressionPool, symbols: readonly KconfigSymbol[], output: Output) {
    this.#expressions = expressions;
    this.#symbols = symbols;
    this.#output = output;
    this.#clear = new Uint8Array(expressions.count);
  }

  /** The symbol that closes a ring, or null. */
  check(symbol: KconfigSymbol): KconfigSymbol | null {
    if (this.#active.has(symbol)) {
      this.#report(symbol);
      return symbol;
    }
    if (this.#done.has(symbol)) return null;
    const choice = symbol.choice?.symbol;
    if (choice) return this.#within(symbol, () => this.check(choice));
    if (isChoice(symbol)) return this.#checkChoice(symbol);
    this.#enter(symbol);
    const found = this.#checkSymbol(symbol);
    this.#active.delete(symbol);
    return found;
  }

  #checkChoice(choice: KconfigSymbol): KconfigSymbol | null {
    const menu = choice.menus[0] as Menu;
    const members = [...menusBelow(menu)].flatMap(({ symbol }) => symbol ?? []);
    return this.#within(choice, () => {
      for (const member of members) this.#enter(member);
      this.#enter(choice);
      let found = this.#checkSymbol(choice);
      this.#active.delete(choice);
      for (const member of members) found ??= this.#checkSymbol(member);
      for (const member of members) this.#active.delete(member);
      return found?.choice === menu ? choice : found;
    });
  }

  #checkSymbol(symbol: KconfigSymbol): KconfigSymbol | null {
    const step: Step = { symbol, property: null, through: 'depends' };
    this.#path.push(step);
    const found = this.#checkDependencies(symbol, step) ?? this.#checkProperties(symbol, step);
    this.#path.pop();
    return found;
  }

  #checkDependencies(symbol: KconfigSymbol, step: Step): KconfigSymbol | null {
    const depends = this.#checkExpression(symbol.directDependency);
    if (depends) return depends;
    step.through = 'selected';
    const selected = this.#checkExpression(symbol.reverseDependency);
    if (selected) return selected;
    step.through = 'implied';
    return this.#checkExpression(symbol.impliedBy);
  }

  #checkProperties(symbol: KconfigSymbol, step: Step): KconfigSymbol | null {
    for (const property of symbol.properties) {
      if (property.type === 'select' || property.type === 'imply') continue;
      step.property = property;
      step.through = 'visible';
      const found = this.#checkExpression(property.visible);
      if (found) return found;
      if (property.type !== 'default' || isChoice(symbol)) continue;
      step.through = 'value';
      const inValue = this.#checkExpression(property.expression);
      if (inValue) return inValue;
    }
    return null;
  }

  #checkExpression(id: ExpressionId): KconfigSymbol | null {
    if (id === none || this.#clear[id] === 1) return null;
    const found = this.#checkOperands(id);
    if (!found) this.#clear[id] = 1;
    return found;
  }

  #checkOperands(id: ExpressionId): KconfigSymbol | null {
    const expressions = this.#expressions;
    const of = expressions.kind(id);
    const left = expressions.left(id);
    const right = expressions.right(id);
    if (of === kind.symbol) return this.check(this.#symbols[left] as KconfigSymbol);
    if (isComparison(of)) {
      return this.check(this.#symbols[left] as KconfigSymbol) ?? this.check(this.#symbols[right] as KconfigSymbol);
    }
    if (of === kind.not) return this.#checkExpression(left);
    return this.#checkExpression(left) ?? this.#checkExpression(right);
  }

  #enter(symbol: KconfigSymbol): void {
    this.#active.add(symbol);
    this.#done.add(symbol);
  }

  #within<T>(symbol: KconfigSymbol, visit: () => T): T {
    this.#path.push({ symbol, property: null, through: 'visible' });
    const result = visit();
    this.#path.pop();
    return result;
  }

  #report(closing: KconfigSymbol): void {
    const last = closing.choice?.symbol ?? closing;
    const path: Step[] = closing.choice ? [...this.#path, { symbol: closing, property: null, through: 'visible' }] : this.#path;
    const start = path.findLastIndex(({ symbol }) => symbol === last);
    if (start < 0) {
      this.#output.stderr('unexpected recursive dependency error\n');
      return;
    }
    path.slice(start).forEach((step, index, steps) => {
      const next = steps[index + 1]?.symbol ?? last;
      if (step.symbol === last) this.#output.stderr('error: recursive dependency detected!\n');
      this.#output.stderr(`\tsymbol ${formatStep(step, next)}\n`);
    });
    this.#output.stderr(
      'For a resolution refer to Documentation/kbuild/kconfig-language.rst\n' +
        'subsection "Kconfig recursive dependency limitations"\n\n',
    );
  }
}

function formatStep({ symbol, property, through }: Step, next: KconfigSymbol): string {
  const name = symbol.name ?? '<choice>';
  const [place] = next.menus;
  if (isChoice(next) && place) return `${name} is part of choice block at ${place.file}:${place.line}`;
  const type: PropertyType | 'unknown' = property?.type ?? 'unknown';
  switch (through) {
    case 'depends':
      return `${name} depends on ${next.name}`;
    case 'selected':
      return `${name} is selected by ${next.name}`;
    case 'implied':
      return `${name} is implied by ${next.name}`;
    case 'value':
      return `${name} ${type} value contains ${next.name}`;
    case 'visible':
      return `${name} ${type} is visible depending on ${next.name}`;
  }
}
