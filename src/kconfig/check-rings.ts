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

  constructor(expressions: ExpressionPool, symbols: readonly KconfigSymbol[], output: Output) {
    this.#expressions = expressions;
    this.#symbols = symbols;
    this.#output = output;
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
    return this.#within(symbol, (step) => {
      for (const [through, id] of [
        ['depends', symbol.directDependency], ['selected', symbol.reverseDependency], ['implied', symbol.impliedBy],
      ] as const) {
        step.through = through;
        const found = this.#checkExpression(id);
        if (found) return found;
      }
      for (const property of symbol.properties) {
        if (property.type === 'select' || property.type === 'imply') continue;
        Object.assign(step, { property, through: 'visible' });
        const found = this.#checkExpression(property.visible);
        if (found) return found;
        if (property.type !== 'default' || isChoice(symbol)) continue;
        step.through = 'value';
        const inValue = this.#checkExpression(property.expression);
        if (inValue) return inValue;
      }
      return null;
    });
  }

  #checkExpression(id: ExpressionId): KconfigSymbol | null {
    if (id === none) return null;
    const expressions = this.#expressions;
    const [of, left, right] = [expressions.kind(id), expressions.left(id), expressions.right(id)];
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

  #within<T>(symbol: KconfigSymbol, visit: (step: Step) => T): T {
    const step: Step = { symbol, property: null, through: 'visible' };
    this.#path.push(step);
    const result = visit(step);
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
