import { Draft } from './draft.ts';
import { KconfigError } from './errors.ts';
import { noSymbol, type SymbolId } from './expression.ts';
import { Finalizer } from './finalize.ts';
import { hashOrderOf } from './hash-order.ts';
import type { FileReader } from './includes.ts';
import { Lexer } from './lexer.ts';
import { findChoice, isChoice, type KconfigSymbol, type Menu, menusBelow, type Model } from './model.ts';
import type { Output } from './output.ts';
import { compilePlan } from './plan.ts';
import { Parser } from './parser.ts';
import { RingChecker } from './check-rings.ts';
import { Simplifier } from './simplify.ts';

export type ParseInput = {
  /** Name of the first file, as `source` would give it. */
  root: string;
  reader: FileReader;
  environment: Readonly<Record<string, string>>;
  /** Answers `$(shell,…)`; null where the answer is not known yet, which makes the model a guess. */
  shell(command: string): string | null;
  /** Receives the warnings that `conf` would print. */
  output: Output;
};

/** Reads Kconfig files into a model. @throws KconfigError at the first mistake */
export function parseKconfig(input: ParseInput): Model {
  try {
    return parse(input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const words = 'blocks, conditions or dependencies are nested too deeply';
    throw new KconfigError('KCONFIG_TOO_DEEP', { words, place: { file: input.root, line: 1 } });
  }
}

function parse(input: ParseInput): Model {
  const { output } = input;
  const draft = new Draft(output);
  const lexer = new Lexer(input.root, input.reader, input);
  new Parser(lexer, draft).parseAll();

  const modules: SymbolId = draft.modules?.id ?? noSymbol;
  if (!draft.root.prompt) {
    draft.entry = draft.root;
    draft.addPrompt('menu', 'Main menu', 0, { file: lexer.file, line: lexer.statementLine });
  }
  const simplifier = new Simplifier(draft.expressions, draft.symbols, output);
  new Finalizer(draft, simplifier, modules).finalize(draft.root);
  for (const symbol of draft.symbols) symbol.choice = findChoice(symbol);
  checkSanity(draft, output);
  return {
    symbols: draft.symbols,
    names: draft.names,
    expressions: draft.expressions,
    root: draft.root,
    modules,
    hashOrder: hashOrderOf(draft.symbols),
    plan: compilePlan(draft.symbols, draft.expressions, draft.root),
    files: lexer.includes.files,
    environment: [...lexer.macros.usedEnvironment],
  };
}

/** Mistakes that show only once everything is read. All of them are reported, the first is thrown. */
function checkSanity(draft: Draft, output: Output): void {
  const rings = new RingChecker(draft.expressions, draft.symbols, output);
  let first: KconfigError | null = null;
  const complain = (words: string, place: { file: string; line: number }) => {
    const error = new KconfigError('KCONFIG_INVALID', { words, place, report: `${place.file}:${place.line}: error: ${words}\n` });
    output.stderr(error.report);
    first ??= error;
  };
  for (const menu of menusBelow(draft.root)) {
    const { symbol } = menu;
    if (!symbol) continue;
    if (rings.check(symbol)) {
      const words = `${symbol.name ?? 'this choice'} leads to a ring of dependencies`;
      first ??= new KconfigError('KCONFIG_RING', { words, place: { file: menu.file, line: menu.line }, report: '' });
    }
    if (symbol.isTransitional) checkTransitional(draft, menu, symbol, complain);
    if (!isChoice(symbol)) continue;
    for (const member of menusBelow(menu)) if (member.symbol) checkMember(member, member.symbol, complain);
  }
  if (first) throw new SanityError(first);
}

/** Its reports are printed already. */
export class SanityError extends KconfigError {
  constructor(first: KconfigError) {
    const place = first.place ?? { file: '' };
    super(first.code, { words: first.message, place, report: '' });
  }
}

type Complain = (words: string, place: { file: string; line: number }) => void;

function checkTransitional({ expressions }: Draft, menu: Menu, symbol: KconfigSymbol, complain: Complain): void {
  const words = 'transitional symbols can only have help sections';
  if (!expressions.isYes(menu.dependency) || !expressions.isYes(menu.visibility)) complain(words, menu);
  else if (symbol.properties[0]) complain(words, symbol.properties[0]);
}

function checkMember(menu: Menu, { properties }: KconfigSymbol, complain: Complain): void {
  for (const property of properties) {
    if (property.type === 'default') complain('defaults for choice values not supported', property);
    if (property.menu !== menu && property.type === 'prompt') {
      complain('choice value must not have a prompt in another entry', property);
    }
  }
}

