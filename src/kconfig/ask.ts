import { resolveChoice } from './choice.ts';
import type { Evaluation } from './evaluate.ts';
import { HelpWriter } from './help-text.ts';
import { isChoice, isLogical, type KconfigSymbol, type Menu } from './model.ts';
import { canSetTristate, isChangeable, setChoice, setText, setTristate } from './set-value.ts';
import { type Tristate, tristateLetters } from './values.ts';
import { isVisible } from './visible.ts';
import { quote } from './write.ts';

/** `all` asks again about what has a value; `new` asks about new symbols; the others only tell of them. */
export type AskMode = 'all' | 'new' | 'list' | 'help';

/** A person, or what stands in for one. `readLine` keeps the newline, and is null at the end of input. */
export type Dialogue = { print(text: string): void; complain(text: string): void; readLine(): string | null; isEchoing: boolean };

/** Input ended where a value was needed. */
export class NoAnswer extends Error {}

/** Each round can make something new visible; a round for each of so many is more than enough. */
const maxRoundsAfterEnd = 100;

/** Goes through symbols and asks for their values, in the words of `conf` (scripts/kconfig/conf.c). */
export class Asker {
  mode: AskMode;
  readonly #evaluation: Evaluation;
  readonly #dialogue: Dialogue;
  readonly #prefix: string;
  /** How many menus were gone through in this round. */
  #restarts = 0;
  #indent = 1;
  #top: Menu | null = null;
  #help: HelpWriter | null = null;
  #hasEnded = false;
  #roundsAfterEnd = 0;

  constructor(evaluation: Evaluation, dialogue: Dialogue, mode: AskMode, prefix: string) {
    this.#evaluation = evaluation;
    this.#dialogue = dialogue;
    this.mode = mode;
    this.#prefix = prefix;
  }

  /** Visits what is new until a round has nothing to ask. Where `conf` would go on for ever at the end of input, stops. */
  visitAllNew(root: Menu): void {
    do {
      this.#restarts = 0;
      this.visitNew(root);
      if (this.#hasEnded && this.#roundsAfterEnd++ > maxRoundsAfterEnd) throw new NoAnswer();
    } while (this.#restarts > 0);
  }

  /** Asks about everything below a menu. */
  askAll(menu: Menu): void {
    this.#top = menu;
    this.#ask(menu);
  }

  /** Looks for new symbols below a menu and, by the mode, asks about their menus, or tells of them. */
  visitNew(menu: Menu): void {
    if (!isVisible(this.#evaluation, menu)) return;
    const { symbol } = menu;
    if (symbol && this.#evaluation.hasUser[symbol.id] === 0 && isChangeable(this.#evaluation, symbol)) this.#meetNew(menu, symbol);
    for (let child = menu.firstChild; child; child = child.next) this.visitNew(child);
  }

  #meetNew(menu: Menu, symbol: KconfigSymbol): void {
    if (this.mode === 'list') {
      if (symbol.name !== null && symbol.type !== 'unknown') {
        const value = this.#evaluation.valueOf(symbol.id);
        this.#print(`${this.#prefix}${symbol.name}=${symbol.type === 'string' ? quote(value) : value}\n`);
      }
    } else if (this.mode === 'help') {
      this.#print('-----\n');
      this.#printHelp(menu);
      this.#print('-----\n');
    } else {
      if (this.#restarts++ === 0) this.#print('*\n* Restart config...\n*\n');
      this.askAll(this.#enclosingMenu(menu));
    }
  }

  #enclosingMenu(menu: Menu): Menu {
    const { root } = this.#evaluation.model;
    let place = menu;
    while (place !== root && place.prompt?.type !== 'menu') place = place.parent ?? root;
    return place;
  }

  #ask(menu: Menu): void {
    if (!isVisible(this.#evaluation, menu)) return;
    const { symbol, prompt } = menu;
    if (prompt?.type === 'menu' && this.mode !== 'all' && menu !== this.#top) {
      this.visitNew(menu);
      return;
    }
    if (prompt?.type === 'menu' || prompt?.type === 'comment') {
      const star = '*'.padStart(this.#indent);
      this.#print(`${star}\n${star} ${prompt.text}\n${star}\n`);
    }
    if (symbol && isChoice(symbol)) {
      this.#askChoice(menu);
      return;
    }
    if (symbol) {
      if (isLogical(symbol.type) || symbol.type === 'unknown') this.#askTristate(menu, symbol);
      else this.#askText(menu, symbol);
      this.#indent += 2;
    }
    for (let child = menu.firstChild; child; child = child.next) this.#ask(child);
    if (symbol) this.#indent -= 2;
  }

  #askText(menu: Menu, symbol: KconfigSymbol): void {
    for (;;) {
      const value = this.#evaluation.valueOf(symbol.id);
      this.#print(`${this.#margin()}${menu.prompt?.text} (${symbol.name}) [${value}] `);
      const line = this.#readAnswer(symbol, value);
      if (line === null) return;
      if (line === '?\n') this.#printHelp(menu);
      else if (setText(this.#evaluation, symbol, line === '\n' ? value : line.slice(0, -1))) return;
      if (this.#hasEnded) {
        this.#dialogue.complain(`\nerror: no value for new symbol '${symbol.name}' at end of input\n`);
        throw new NoAnswer();
      }
    }
  }

  #askTristate(menu: Menu, symbol: KconfigSymbol): void {
    const evaluation = this.#evaluation;
    for (;;) {
      const value = evaluation.tristates[symbol.id] as Tristate;
      const others = ([0, 1, 2] as const).filter((other) => other !== value && canSetTristate(evaluation, symbol, other));
      const offered = `${tristateLetters[value].toUpperCase()}${others.map((other) => `/${tristateLetters[other]}`).join('')}/?`;
      this.#print(`${this.#margin()}${menu.prompt?.text} ${symbol.name === null ? '' : `(${symbol.name}) `}[${offered}] `);
      const line = this.#readAnswer(symbol, evaluation.valueOf(symbol.id));
      if (line === null) return;
      const answer = parseAnswer(trim(line), value);
      if (answer === 'unclear') continue;
      if (answer !== 'help' && setTristate(evaluation, symbol, answer)) return;
      this.#printHelp(menu);
      if (this.#hasEnded) throw new NoAnswer();
    }
  }

  #askChoice(menu: Menu): void {
    let isNew = false;
    for (;;) {
      this.#print(`${this.#margin()}${menu.prompt?.text}\n`);
      const chosen = resolveChoice(this.#evaluation, menu);
      const members: Menu[] = [];
      let preset = 0;
      for (let child = menu.firstChild; child; child = child.next) {
        if (!isVisible(this.#evaluation, child)) continue;
        const { symbol, prompt } = child;
        if (!symbol) {
          this.#print(`${'*'.padStart(this.#indent)} ${prompt?.text}\n`);
          continue;
        }
        members.push(child);
        if (symbol.id === chosen) preset = members.length;
        const isUnset = this.#evaluation.hasUser[symbol.id] === 0;
        isNew ||= isUnset;
        const mark = (symbol.id === chosen ? '>' : ' ').padStart(this.#indent);
        this.#print(`${mark} ${members.length}. ${prompt?.text} (${symbol.name})${isUnset ? ' (NEW)' : ''}\n`);
      }
      this.#print(`${this.#margin()}choice`);
      const answer = this.#readChoice(menu, members.length, preset, isNew);
      const picked = answer ? members[answer.number - 1] : undefined;
      if (picked?.symbol && answer?.wantsHelp === false) {
        setChoice(this.#evaluation, menu, picked.symbol.id);
        return;
      }
      if (picked) this.#printHelp(picked);
      else if (this.#hasEnded || members.length === 0) throw new NoAnswer();
    }
  }

  /** Null where the question has to be put again. */
  #readChoice(menu: Menu, count: number, preset: number, isNew: boolean): { number: number; wantsHelp: boolean } | null {
    if (count === 1) {
      this.#print('[1]: 1\n');
      return { number: 1, wantsHelp: false };
    }
    this.#print(`[1-${count}?]: `);
    if (this.mode === 'new' && !isNew) {
      this.#print(`${preset}\n`);
      return { number: preset, wantsHelp: false };
    }
    const line = trim(this.#readLine(''));
    if (line.startsWith('?')) {
      this.#printHelp(menu);
      return null;
    }
    if (line !== '' && !/^[0-9]/.test(line)) return null;
    return { number: line === '' ? preset : Number.parseInt(line, 10), wantsHelp: line.endsWith('?') };
  }

  /** Null where there is nothing to answer, or it is answered already. */
  #readAnswer(symbol: KconfigSymbol, shown: string): string | null {
    const isOld = this.#evaluation.hasUser[symbol.id] === 1;
    if (!isOld) this.#print('(NEW) ');
    if (!isChangeable(this.#evaluation, symbol) || (this.mode === 'new' && isOld)) {
      this.#print(`${shown}\n`);
      return null;
    }
    return this.#readLine('\n');
  }

  /** `atEnd` stands for the answer at the end of input. */
  #readLine(atEnd: string): string {
    const line = this.#dialogue.readLine();
    if (line === null) this.#dialogue.complain('\nError in reading or end of file.\n');
    this.#hasEnded = line === null || !line.endsWith('\n');
    const text = line ?? atEnd;
    if (this.#dialogue.isEchoing) this.#print(text);
    return text;
  }

  #printHelp(menu: Menu): void {
    this.#help ??= new HelpWriter(this.#evaluation, this.#prefix);
    this.#print(`\n${this.#help.format(menu)}\n`);
  }

  #margin(): string {
    return ' '.repeat(this.#indent - 1);
  }

  #print(text: string): void {
    this.#dialogue.print(text);
  }
}

/** An empty line keeps the value. */
function parseAnswer(line: string, value: Tristate): Tristate | 'help' | 'unclear' {
  if (line === '') return value;
  if (line.startsWith('?')) return 'help';
  if (/^[nN](o)?$/.test(line)) return 0;
  if (/^[mM]$/.test(line)) return 1;
  return /^[yY](es)?$/.test(line) ? 2 : 'unclear';
}

function trim(line: string): string {
  return line.replace(/^[ \t-\r]+/, '').replace(/[ \t-\r]+$/, '');
}
